using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Admin;
using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Demo;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Names;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls;
using Everyport.Proxy.Tls.Upstream;
using Everyport.Steering;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Hosting;

/// <summary>
/// The whole proxy, from the first socket to the last. Everything is ready to serve before steering is attached,
/// and steering is the first thing to go.
/// </summary>
internal sealed partial class ProxyServer : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly Records _records;
    private readonly Stack<Func<ValueTask>> _cleanUp = new();
    private volatile StatusReader? _status;
    private volatile UpstreamRegistry? _upstreams;
    private volatile bool _ready;

    private ProxyServer(ILoggerFactory loggers, Records records) => (_loggers, _logger, _records) = (loggers, loggers.CreateLogger<ProxyServer>(), records);

    /// <summary>Starts everything, or nothing.</summary>
    /// <exception cref="SteeringException">Steering cannot be attached.</exception>
    /// <exception cref="StartupException">An endpoint cannot be listened on.</exception>
    public static async Task<ProxyServer> StartAsync(ProxyConfiguration configuration, ILoggerFactory loggers, Records records)
    {
        var server = new ProxyServer(loggers, records);
        try
        {
            await server.StartAsync(configuration);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops in the reverse order of the start; leaves nothing behind.</summary>
    public async ValueTask DisposeAsync()
    {
        _ready = false;
        while (_cleanUp.TryPop(out var step))
            await step();
    }

    private async Task StartAsync(ProxyConfiguration configuration)
    {
        Rule[] ownRules = [.. configuration.OwnEndpoints.Select(endpoint => endpoint.ToRule(AssignedAddresses.All())).OfType<Rule>()];
        var steering = Own(AttachedSteering.Open(OptionsOf(configuration.Steering, ownRules)));
        var admin = AdminHost.Build(() => configuration.Admin, (client, dialled) => _upstreams?.Contains(client, dialled) ?? false, MapAdmin, _loggers);
        await StartHostAsync(admin, configuration.Admin.Listen, "Admin:Listen");
        if (configuration.Demo is { } demo)
            Own(await DemoOrigin.StartAsync(demo, _loggers));

        var tcp = Own(SteeredSockets.ListenTcp());
        var hosts = configuration.StreamClusters.SelectMany(cluster => cluster.HostNames);
        var names = Own(await NameTable.StartAsync(hosts, Dns.GetHostAddressesAsync, TimeProvider.System, _loggers.CreateLogger<NameTable>()));
        var (clusters, connections, http) = await StartConnectionsAsync(tcp, names, configuration);
        var flows = Own(FlowService.Start(configuration, clusters, names, _records, _loggers));

        steering.Register(Target.ProxyService, tcp.SafeHandle);
        foreach (var udp in flows.Sockets)
            steering.Register(Target.ProxyService, udp.SafeHandle);
        var publication = steering.Publish(configuration.Steering.Ruleset);
        OwnStep(() => steering.Dispose());
        Steering(configuration.Steering.Ruleset.Rules.Length, configuration.Source);
        new SteeringLog(_loggers.CreateLogger<SteeringLog>()).Write(configuration, publication, ownRules, steering.AddedRoutes);
        _status = new StatusReader(configuration, connections.Total, connections.Streams, connections.Refusals, flows, clusters, http);
        _ready = true;
    }

    /// <summary>What can be asked of the admin host; a line for each feature.</summary>
    private void MapAdmin(IEndpointRouteBuilder app)
    {
        app.MapHealth(() => _ready);
        app.MapStatus(() => _status?.Read(_ready));
    }

    private static SteeringOptions OptionsOf(SteeringSettings settings, Rule[] ownRules) => new()
    {
        LocalRoutes = settings.LocalRoutes,
        LeaveExistingListeners = settings.LeaveExistingListeners,
        LeaveEphemeralPorts = settings.LeaveEphemeralPorts,
        CountPorts = settings.PortCounters,
        OwnRules = ownRules,
    };

    /// <returns>The clusters, which flows share, and what is known of connections and of HTTP.</returns>
    private async Task<(StreamClusters, Connections, HttpState)> StartConnectionsAsync(Socket socket, NameTable names, ProxyConfiguration configuration)
    {
        var upstreams = _upstreams = new UpstreamRegistry(destination =>
            OwnEndpoint.OfAdmin(configuration.Admin.Listen).Answers(Protocols.Tcp, destination.Address, destination.Port)
            || configuration.Steering.Ruleset.Decide(Protocols.Tcp, destination.Address, destination.Port)?.Target == Target.Proxy);
        var sources = OpenClientSources(configuration.Streams);
        var diallers = Own(new ReactorGroup<DestinationDialler>([.. Enumerable.Range(0, Environment.ProcessorCount).Select(number => NewDialler(number, upstreams, names, sources))]));
        diallers.Start();
        var tls = Own(new UpstreamTlsClusters(configuration.UpstreamTls, TimeProvider.System, _loggers.CreateLogger<UpstreamTlsLog>()));
        var clusters = Own(new StreamClusters(
            configuration.StreamClusters, new DestinationProbe(diallers, tls).ProbeAsync, TimeProvider.System, new HealthLog(_loggers.CreateLogger<HealthLog>())));

        var certificates = new CertificateStore(configuration.Tls, _loggers.CreateLogger<CertificateStore>());
        Own(new CertificateWatch(certificates, TimeProvider.System, _loggers.CreateLogger<CertificateWatch>()));
        var listeners = new VirtualListeners();
        var host = HttpHost.Build(configuration, certificates, tls, listeners, new HttpDialler(diallers), _records, _loggers);
        OwnAsync(() => host.DisposeAsync());
        await host.StartAsync();
        OwnAsync(() => new ValueTask(host.StopAsync()));

        var memory = host.Services.GetRequiredService<IMemoryPoolFactory<byte>>().Create();
        var connections = new Connections(configuration, certificates, clusters, upstreams, tls, new HttpHandOver(listeners, memory), Own(new SpareDescriptor()), _records, _loggers);
        foreach (var acceptor in connections.Accept(socket, diallers.Members))
        {
            acceptor.Listen();
            OwnStep(acceptor.Stop);
        }
        return (clusters, connections, host.Services.GetRequiredService<HttpState>());
    }

    /// <summary>Return routing is only for those who ask for it: it needs CAP_NET_ADMIN. Who asked before a crash may not ask any more.</summary>
    private ClientSources? OpenClientSources(IEnumerable<StreamRoute> streams)
    {
        if (streams.Any(stream => stream.Settings.SourceAddress == UpstreamSource.Client))
            return new ClientSources(Own(ReturnRoutes.Open()), _loggers.CreateLogger<ClientSources>());
        ReturnRoutes.RemoveStale();
        return null;
    }

    private ReactorMember<DestinationDialler> NewDialler(int number, UpstreamRegistry upstreams, NameTable names, ClientSources? sources)
    {
        var reactor = new Reactor(number, _loggers.CreateLogger<Reactor>());
        return new(reactor, new DestinationDialler(new UpstreamDialler(reactor, upstreams), names, sources));
    }

    private async Task StartHostAsync(WebApplication host, IPEndPoint endpoint, string key)
    {
        OwnAsync(() => host.DisposeAsync());
        await Startup.ListenAsync(host, endpoint, key);
        OwnAsync(() => new ValueTask(host.StopAsync()));
    }

    private T Own<T>(T resource)
    {
        OwnAsync(async () =>
        {
            if (resource is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else if (resource is IDisposable disposable)
                disposable.Dispose();
        });
        return resource;
    }

    private void OwnStep(Action step) => OwnAsync(() =>
    {
        step();
        return ValueTask.CompletedTask;
    });

    private void OwnAsync(Func<ValueTask> step) => _cleanUp.Push(step);

    [LoggerMessage(Level = LogLevel.Information, Message = "Steering {Rules} rules of the configuration {Source}")]
    private partial void Steering(int rules, string source);
}
