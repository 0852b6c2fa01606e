using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Everyport.Steering.Cli.Scraping;

/// <summary>Answers scrapes. No web server of .NET is taken for that: it would be larger than all the rest of the program.</summary>
internal sealed class MetricsServer : IDisposable
{
    private const int MostClients = 32, LargestHead = 16 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _listener;
    private readonly SemaphoreSlim _clients = new(MostClients);

    /// <exception cref="SteeringException">Somebody else listens there, or the address is not one of this machine.</exception>
    public MetricsServer(IPEndPoint address)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(address);
            _listener.Listen();
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new SteeringException($"Cannot listen on '{address}' (--listen): {e.Message}. Choose another address or port.", e);
        }
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public async Task RunAsync(Func<(int Status, string Body)> scrape, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _clients.WaitAsync(stopping);
                var client = await _listener.AcceptAsync(stopping);
                _ = ServeAsync(client, scrape, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _clients.Dispose();
    }

    private async Task ServeAsync(Socket client, Func<(int Status, string Body)> scrape, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(Patience);
        try
        {
            using (client)
            {
                if (await ReadHeadAsync(client, deadline.Token) is { } head)
                    await SendAsync(client, HttpAnswer.To(head.Split("\r\n")[0], scrape), deadline.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client has gone, or is too slow.
        }
        finally
        {
            if (!stopping.IsCancellationRequested)
                _clients.Release();
        }
    }

    /// <summary>All until the empty line; null where that does not come.</summary>
    private static async Task<string?> ReadHeadAsync(Socket client, CancellationToken deadline)
    {
        var buffer = new byte[LargestHead];
        for (var length = 0; length < buffer.Length;)
        {
            var received = await client.ReceiveAsync(buffer.AsMemory(length), deadline);
            if (received == 0)
                return null;
            length += received;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                return Encoding.Latin1.GetString(buffer, 0, end);
        }
        return null;
    }

    private static async Task SendAsync(Socket client, byte[] answer, CancellationToken deadline)
    {
        for (var sent = 0; sent < answer.Length;)
            sent += await client.SendAsync(answer.AsMemory(sent), deadline);
        client.Shutdown(SocketShutdown.Send);
    }
}
