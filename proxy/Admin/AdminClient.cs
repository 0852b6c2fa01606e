using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Proxy.Admin;

/// <summary>Asks the admin host of a running proxy.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly AdminTarget _target;
    private readonly IPEndPoint _endpoint;
    private readonly HttpClient _http;

    public AdminClient(AdminTarget target)
    {
        _target = target;
        var listen = target.Settings.Listen;
        _endpoint = listen.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, listen.Port)
            : listen.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, listen.Port)
            : listen;
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (target.Settings.Certificate is { } ours)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 certificate && certificate.Thumbprint == ours.Loaded.Leaf.Thumbprint;
        _http = new HttpClient(handler)
        {
            BaseAddress = new UriBuilder(target.Settings.Certificate is null ? "http" : "https", _endpoint.Address.ToString(), _endpoint.Port).Uri,
            Timeout = TimeSpan.FromSeconds(30),
        };
        if (target.Token is { } token)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <exception cref="AdminClientException">There is no answer, or none that means anything here.</exception>
    public async Task<AdminAnswer> AskAsync(HttpMethod method, string path, CancellationToken stopping)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, stopping);
            var body = await response.Content.ReadAsStringAsync(stopping);
            return response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => throw new AdminClientException($"The proxy at {_endpoint} wants {(_target.Token is null ? "a token" : "another token")}: give the 'Admin:Token' or 'Admin:TokenPath' that it runs with."),
                HttpStatusCode.Forbidden => throw new AdminClientException($"The proxy at {_endpoint} refuses: {body.Trim()}"),
                HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed when !IsJson(response) => throw new AdminClientException($"What answers at {_endpoint} (Admin:Listen) does not know '{path}': it is another version of everyport, or another program."),
                _ => new AdminAnswer(response.IsSuccessStatusCode, body),
            };
        }
        catch (HttpRequestException e)
        {
            throw new AdminClientException(Explain(e));
        }
        catch (TaskCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new AdminClientException($"The proxy at {_endpoint} (Admin:Listen) does not answer.");
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsJson(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;

    private string Explain(HttpRequestException e) => e.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            $"Nothing listens at {_endpoint} (Admin:Listen): the proxy does not run, or it has another configuration; name that with --config FILE.",
        AuthenticationException =>
            $"What answers at {_endpoint} does not show the certificate of 'Admin:Certificate'.",
        _ => $"The proxy at {_endpoint} (Admin:Listen) cannot be asked: {e.InnerException?.Message ?? e.Message}",
    };
}
