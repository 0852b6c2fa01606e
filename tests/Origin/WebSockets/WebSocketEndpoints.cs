using System.Net.WebSockets;

namespace Everyport.Origin.WebSockets;

/// <summary>A WebSocket that sends back each message as it came, frame by frame, and closes as the client does, or when told to.</summary>
internal static class WebSocketEndpoints
{
    private const int LargestFrame = 64 * 1024;

    public static void MapWebSockets(this WebApplication app) => app.Map("/socket/{name}", async (HttpContext context, string name) =>
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var protocol = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault();
        using var socket = await context.WebSockets.AcceptWebSocketAsync(protocol);
        await EchoAsync(socket, name, context.RequestAborted);
    });

    private static async Task EchoAsync(WebSocket socket, string name, CancellationToken cancelled)
    {
        var buffer = new byte[LargestFrame];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), cancelled);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    Note.Write($"closed-{(int?)socket.CloseStatus}-{socket.CloseStatusDescription}", name);
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", cancelled);
                    return;
                }
                if (buffer.AsSpan(0, received.Count).SequenceEqual("close, please"u8))
                    await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "as you wish", cancelled);
                else if (socket.State == WebSocketState.Open)
                    await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, cancelled);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            Note.Write("broken", name);
        }
    }
}
