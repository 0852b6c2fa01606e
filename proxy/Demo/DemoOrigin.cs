using System.Net;
using System.Net.Sockets;
using System.Text;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Demo;

/// <summary>
/// The built-in origin, so that there is something to try before anything is configured: over HTTP it answers what
/// it saw of the request, over TCP and UDP it is an echo server (RFC 862).
/// </summary>
internal sealed class DemoOrigin : IAsyncDisposable
{
    private readonly WebApplication _http;
    private readonly Socket _tcp;
    private readonly Socket _udp;
    private readonly CancellationTokenSource _stopping = new();

    private DemoOrigin(WebApplication http, Socket tcp, Socket udp) => (_http, _tcp, _udp) = (http, tcp, udp);

    public static async Task<DemoOrigin> StartAsync(DemoSettings settings, ILoggerFactory loggers)
    {
        var tcp = Bind(settings.Echo, SocketType.Stream, ProtocolType.Tcp);
        tcp.Listen();
        var udp = Bind(settings.Echo, SocketType.Dgram, ProtocolType.Udp);
        var origin = new DemoOrigin(BuildHttp(settings.Http, loggers), tcp, udp);
        try
        {
            await Startup.ListenAsync(origin._http, settings.Http, "Demo:Http");
            _ = origin.AcceptAsync();
            _ = origin.EchoDatagramsAsync();
            return origin;
        }
        catch
        {
            await origin.DisposeAsync();
            throw;
        }

        Socket Bind(IPEndPoint endpoint, SocketType type, ProtocolType protocol) => Startup.Bind(endpoint, type, protocol, "Demo:Echo");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _tcp.Dispose();
        _udp.Dispose();
        await _http.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplication BuildHttp(IPEndPoint listen, ILoggerFactory loggers)
    {
        var builder = BareHost.CreateBuilder(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen, options => options.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(Describe(context.Request)));
        return app;
    }

    private static string Describe(HttpRequest request)
    {
        var forwarded = ForwardedElement.Parse(request.Headers["Forwarded"].ToString());
        var text = new StringBuilder()
            .AppendLine("This is Everyport's demo origin. It saw:")
            .AppendLine()
            .Append("original destination: ").AppendLine(forwarded.GetValueOrDefault("by", "unknown"))
            .Append("client:               ").AppendLine(forwarded.GetValueOrDefault("for", "unknown"))
            .Append("route:                ").AppendLine(request.Headers["X-Route"].ToString())
            .Append("request:              ").Append(request.Method).Append(' ').Append(request.Path).AppendLine(request.QueryString.Value)
            .AppendLine()
            .AppendLine("headers:");
        foreach (var (name, value) in request.Headers)
            text.Append("  ").Append(name).Append(": ").AppendLine(value.ToString());
        return text.ToString();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = EchoStreamAsync(await _tcp.AcceptAsync(_stopping.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task EchoStreamAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var buffer = new byte[16 * 1024];
                while (await socket.ReceiveAsync(buffer, _stopping.Token) is > 0 and var length)
                    await socket.SendAsync(buffer.AsMemory(0, length), _stopping.Token);
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client or the process went away.
            }
        }
    }

    private async Task EchoDatagramsAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(ushort.MaxValue, pinned: true);
        var anyone = new IPEndPoint(_udp.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stopping.Token);
                await _udp.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), SocketFlags.None, received.RemoteEndPoint, _stopping.Token);
            }
            catch (SocketException)
            {
                // A client that is gone: go on with the others.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
