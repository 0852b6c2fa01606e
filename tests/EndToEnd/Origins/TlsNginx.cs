namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>nginx with TLS on several ports, each in a manner of its own. It answers what it has seen of who asks.</summary>
internal sealed class TlsNginx : IDisposable
{
    private const string Answer =
        "port=$server_port sni=$ssl_server_name version=$server_protocol host=$http_host client=$ssl_client_s_dn verified=$ssl_client_verify header=$proxy_protocol_addr";

    private readonly ServerProgram _server;

    public TlsNginx(NetworkNamespace @namespace, params IEnumerable<Manner> manners)
    {
        var directory = new TemporaryDirectory();
        Manner[] all = [.. manners];
        var configuration = directory.Write("nginx.conf",
            $$"""
            user root;
            daemon off;
            master_process off;
            pid {{directory.Path}}/nginx.pid;
            error_log stderr;
            events { }
            http {
              access_log off;
              client_body_temp_path {{directory.Path}}/body;
              proxy_temp_path {{directory.Path}}/proxy;
              fastcgi_temp_path {{directory.Path}}/fastcgi;
              uwsgi_temp_path {{directory.Path}}/uwsgi;
              scgi_temp_path {{directory.Path}}/scgi;
              {{string.Join("\n  ", all.Select(Server))}}
            }
            """);
        _server = ServerProgram.Start(@namespace, directory, all[^1].Port, "nginx", "-p", directory.Path, "-c", configuration, "-e", "stderr");
    }

    public void Dispose() => _server.Dispose();

    private static string Server(Manner manner) =>
        $$"""
        server { listen 127.0.0.1:{{manner.Port}} {{(manner.Files is null ? "" : "ssl")}} {{manner.ListenOptions}};
            {{(manner.Files is { } files ? $"ssl_certificate {files.Certificate}; ssl_certificate_key {files.Key};" : "")}} {{manner.Directives}}
            default_type text/plain; location / { return 200 "{{Answer}}\n"; } }
        """;

    /// <summary>One port: its certificate, options of <c>listen</c>, and directives.</summary>
    internal sealed record Manner(int Port, (string Certificate, string Key)? Files, string ListenOptions = "", string Directives = "");
}
