namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>A real origin: nginx on several ports, which answers on which of them it was asked, and what.</summary>
internal sealed class Nginx : IDisposable
{
    private const string Answer = "port=$server_port target=$request_uri for=$http_x_forwarded_for forwarded-port=$http_x_forwarded_port";

    private readonly ServerProgram _server;

    public Nginx(NetworkNamespace @namespace, params int[] ports) : this(@namespace, "", Answer, ports) { }

    /// <summary>With an option for each <c>listen</c>, and another answer.</summary>
    public Nginx(NetworkNamespace @namespace, string listenOption, string answer, params int[] ports) : this(@namespace, listenOption, answer, "", ports) { }

    /// <summary>With more locations.</summary>
    public Nginx(NetworkNamespace @namespace, string listenOption, string answer, string locations, params int[] ports)
    {
        var directory = new TemporaryDirectory();
        var listen = string.Concat(ports.Select(port => $"listen 127.0.0.1:{port} {listenOption}; "));
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
              server {
                {{listen}}
                default_type text/plain;
                {{locations}}
                location / {
                  return 200 "{{answer}}\n";
                }
              }
            }
            """);
        _server = ServerProgram.Start(@namespace, directory, ports[^1], "nginx", "-p", directory.Path, "-c", configuration, "-e", "stderr");
    }

    public void Dispose() => _server.Dispose();
}
