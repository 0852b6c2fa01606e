using System.Net;
using System.Net.Sockets;
using System.Text;
using Everyport.Proxy.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Everyport.Proxy.Tests.Admin;

/// <summary>An admin host on a free port, with something to read and something to change.</summary>
internal sealed class RunningAdminHost : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly HttpClient _client = new();

    private RunningAdminHost(WebApplication host) => _host = host;

    public static async Task<RunningAdminHost> StartAsync(AdminSettings settings, bool isOurs = false, Action<IEndpointRouteBuilder>? map = null)
    {
        var somewhere = settings with { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        var running = new RunningAdminHost(AdminHost.Build(() => somewhere, (_, _) => isOurs, map ?? MapSomething, NullLoggerFactory.Instance));
        await running._host.StartAsync();
        running._client.BaseAddress = new Uri(running._host.Urls.Single());
        return running;
    }

    public int Port => _client.BaseAddress!.Port;

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, headers);

    /// <summary>Sends bytes as they are, and returns all that is answered.</summary>
    public async Task<string> SendAsync(string request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(new NetworkStream(socket));
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request);
    }

    private static void MapSomething(IEndpointRouteBuilder app)
    {
        app.MapHealth(() => true);
        app.MapGet("/api/thing", () => Results.Text("a thing"));
        app.MapPost("/api/change", () => Results.Text("changed"));
    }
}
