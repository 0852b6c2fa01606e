using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>A real origin: nginx on several ports, which answers on which of them it was asked, and what.</summary>
internal sealed class Nginx : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly BackgroundProcess _process;

    public Nginx(NetworkNamespace @namespace, params int[] ports)
    {
        var listen = string.Concat(ports.Select(port => $"listen 127.0.0.1:{port}; "));
        var configuration = _directory.Write("nginx.conf",
            $$"""
            user root;
            daemon off;
            master_process off;
            pid {{_directory.Path}}/nginx.pid;
            error_log stderr;
            events { }
            http {
              access_log off;
              client_body_temp_path {{_directory.Path}}/body;
              proxy_temp_path {{_directory.Path}}/proxy;
              fastcgi_temp_path {{_directory.Path}}/fastcgi;
              uwsgi_temp_path {{_directory.Path}}/uwsgi;
              scgi_temp_path {{_directory.Path}}/scgi;
              server {
                {{listen}}
                default_type text/plain;
                location / {
                  return 200 "port=$server_port target=$request_uri for=$http_x_forwarded_for forwarded-port=$http_x_forwarded_port\n";
                }
              }
            }
            """);
        _process = BackgroundProcess.Start(@namespace, "nginx", "-p", _directory.Path, "-c", configuration, "-e", "stderr");
        try
        {
            @namespace.Run(() => WaitUntilReady(ports[0]));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        _directory.Dispose();
    }

    private void WaitUntilReady(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                TcpClients.Connect("127.0.0.1", port).Dispose();
                return;
            }
            catch (SocketException) when (attempt < 1000 && !_process.HasEnded)
            {
                Thread.Sleep(20);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"nginx did not start. It wrote: {_process.Output}", e);
            }
        }
    }
}
