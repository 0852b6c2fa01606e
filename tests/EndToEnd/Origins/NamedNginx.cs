namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>
/// A real origin with a name, which it answers with: nginx. <c>/NAME-dies</c> closes the connection without an answer,
/// <c>/NAME-503</c> answers 503, and <c>/404</c> is an error of its own. It writes down what it is asked.
/// </summary>
internal sealed class NamedNginx : IDisposable
{
    private readonly string _accessLog;
    private readonly ServerProgram _server;

    public NamedNginx(NetworkNamespace @namespace, string name, string address, int port)
    {
        var directory = new TemporaryDirectory();
        _accessLog = Path.Combine(directory.Path, "access.log");
        var configuration = directory.Write("nginx.conf",
            $$"""
            user root;
            daemon off;
            master_process off;
            pid {{directory.Path}}/nginx.pid;
            error_log stderr;
            events { }
            http {
              log_format asked "$request_method $request_uri";
              access_log {{_accessLog}} asked;
              client_body_temp_path {{directory.Path}}/body;
              proxy_temp_path {{directory.Path}}/proxy;
              fastcgi_temp_path {{directory.Path}}/fastcgi;
              uwsgi_temp_path {{directory.Path}}/uwsgi;
              scgi_temp_path {{directory.Path}}/scgi;
              server {
                listen {{address}}:{{port}} backlog=4096;
                default_type text/plain;
                add_header X-Origin {{name}} always;
                location / { return 200 "{{name}}"; }
                location /{{name}}-dies { return 444; }
                location /{{name}}-503 { return 503 "{{name}} is busy"; }
                location /404 { return 404; }
              }
            }
            """);
        _server = ServerProgram.Start(@namespace, directory, port, "nginx", "-p", directory.Path, "-c", configuration, "-e", "stderr");
    }

    /// <summary>How often it was asked this, as <c>GET /path</c>.</summary>
    public int Asked(string request) => File.ReadLines(_accessLog).Count(line => line == request);

    public void Dispose() => _server.Dispose();
}
