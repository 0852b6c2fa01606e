using Everyport.Origin;
using Everyport.Origin.Bodies;
using Everyport.Origin.Events;
using Everyport.Origin.Pages;
using Everyport.Origin.Requests;
using Everyport.Origin.Rpc;
using Everyport.Origin.Waiting;
using Everyport.Origin.WebSockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// everyport-origin HTTP1-PORT H2C-PORT TLS-PORT CERTIFICATE: listens on 127.0.0.1, writes its certificate as PEM, and serves until it is killed.
if (args is not [var http1, var http2, var tls, var certificatePath])
{
    Console.Error.WriteLine("Give the ports for HTTP/1.1, HTTP/2 with prior knowledge and TLS, and the path that the certificate goes to.");
    return 1;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
{
    // Tests choose how much they send, and how slowly.
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
    kestrel.Limits.MinResponseDataRate = null;
    kestrel.ListenOn(http1, HttpProtocols.Http1);
    kestrel.ListenOn(http2, HttpProtocols.Http2);
    kestrel.ListenOn(tls, HttpProtocols.Http1AndHttp2, OriginCertificate.Create(certificatePath));
});
// What is still open when a test ends is of no use to anybody.
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = null);
builder.Services.AddSingleton<EventChannels>();

var app = builder.Build();
app.UseWebSockets();
app.MapGrpcService<OriginService>();
app.MapBodies();
app.MapEvents();
app.MapPages();
app.MapRequests();
app.MapWaiting();
app.MapWebSockets();
app.Run();
return 0;
