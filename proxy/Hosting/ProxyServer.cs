using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Admin;
using Everyport.Proxy.Admin.Page;
using Everyport.Proxy.Admin.Ports;
using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Demo;
using Everyport.Proxy.Explain;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Lifetime;
using Everyport.Proxy.Live;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Metrics.Scraping;
using Everyport.Proxy.Names;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;
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
    private ConfigurationSwitch? _switch;
    private volatile Reloader? _reloader;
    private volatile StateReader? _state;
    private volatile UpstreamRegistry? _upstreams;
    private readonly ProcessLifetime _lifetime;
    private ServerMetrics? _metrics;
    private volatile Drain? _drain;
    private readonly LiveRegister _live = new();
    private volatile bool _ready;
    private volatile SuccessorWatch? _successors;
    private volatile RunningExplainer? _explainer;

    private ProxyServer(ProcessLifetime lifetime, ProxyLogs logs) =>
        (_lifetime, _loggers, _logger, _records) = (lifetime, logs.Loggers, logs.Loggers.CreateLogger<ProxyServer>(), logs.Records);

    /// <summary>Starts everything, or nothing. <paramref name="load"/> reads the configuration again; null where it still has that hash.</summary>
    /// <exception cref="SteeringException">Steering cannot be attached.</exception>
    /// <exception cref="StartupException">An endpoint cannot be listened on.</exception>
    public static async Task<ProxyServer> StartAsync(ProxyConfiguration configuration, Func<string?, ProxyConfiguration?> load, ProcessLifetime lifetime, ProxyLogs logs)
    {
        var server = new ProxyServer(lifetime, logs);
        try
        {
            await server.StartAsync(configuration, load);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts another configuration in force as one, or changes nothing. What is open lives on.</summary>
    public Reloader Reloader => _reloader!;

    /// <summary>Lets what is open end, as <see cref="Drain"/> says; what is left afterwards is for <see cref="DisposeAsync"/>.</summary>
    public Task DrainAsync(string reason, CancellationToken now) => _drain!.RunAsync(reason, now);

    /// <summary>Stops in the reverse order of the start; leaves nothing behind.</summary>
    public async ValueTask DisposeAsync()
    {
        _ready = false;
        while (_cleanUp.TryPop(out var step))
        {
            try
            {
                await step();
            }
            catch (Exception e)
            {
                // Whatever goes wrong with one, the others leave nothing behind.
                NotCleanedUp(e);
            }
        }
    }

    private async Task StartAsync(ProxyConfiguration configuration, Func<string?, ProxyConfiguration?> load)
    {
        var ownRules = SteeringChoices.OwnRules(configuration);
        var steering = Own(AttachedSteering.Open(SteeringChoices.Of(configuration.Steering, ownRules)));
        _metrics = Own(new ServerMetrics(ReadState));
        _metrics.Show(configuration);
        var admin = AdminHost.Build(
            () => (_switch?.Current ?? configuration).Admin, (client, dialled) => _upstreams?.Contains(client, dialled) ?? false, MapAdmin, _loggers);
        // A predecessor answers there until its place has been taken.
        if (configuration.Admin.SharePort)
            SharedPort.Check(configuration.Admin.Listen, "Admin:Listen");
        else
            await StartHostAsync(admin, configuration.Admin.Listen, "Admin:Listen");
        if (configuration.Demo is { } demo)
            Own(await DemoOrigin.StartAsync(demo, _loggers));

        var tcp = Own(SteeredSockets.ListenTcp());
        var hosts = configuration.StreamClusters.SelectMany(cluster => cluster.HostNames);
        var names = Own(await NameTable.StartAsync(hosts, Dns.GetHostAddressesAsync, TimeProvider.System, _loggers.CreateLogger<NameTable>()));
        var parts = await StartConnectionsAsync(tcp, steering, names, configuration);
        var flows = parts.Flows;

        steering.Register(Target.ProxyService, tcp.SafeHandle);
        foreach (var udp in flows.Sockets)
            steering.Register(Target.ProxyService, udp.SafeHandle);
        var publication = steering.Publish(configuration.Steering.Ruleset);
        OwnStep(() => steering.Dispose());
        Steering(configuration.Steering.Ruleset.Rules.Length, configuration.Source);
        if (publication.TookOver)
            TookOver(configuration.Steering.PinPath!);
        var steeringLog = new SteeringLog(_loggers.CreateLogger<SteeringLog>());
        steeringLog.Write(configuration, publication, ownRules, steering.AddedRoutes);
        _switch = new ConfigurationSwitch(parts, configuration, steeringLog);
        _reloader = new Reloader(configuration, load, _switch.ApplyAsync, TimeProvider.System, _loggers.CreateLogger<Reloader>());
        _reloader.Applied += _metrics.Show;
        _state = new StateReader(new StatusReader(_switch, parts), new SteeringState(steering), _switch, _reloader);
        OwnStep(() => _state = null); // before steering, of which it tells, is gone
        _explainer = Own(new RunningExplainer(() => _switch.Current, () => steering.Ruleset, () => parts.Connections.Rules.Current.Certificates.Current));
        OwnStep(() => _explainer = null);
        _drain = new Drain(() => _switch.Current.Lifetime, parts, _live, new Arrivals(tcp), admin, _loggers.CreateLogger<Drain>());
        _ready = true;
        if (configuration.Admin.SharePort)
        {
            await StartHostAsync(admin, configuration.Admin.Listen, "Admin:Listen");
            _successors = Own(new SuccessorWatch(steering, () => _lifetime.End(Drain.TakenOver), _loggers.CreateLogger<SuccessorWatch>()));
        }
    }

    private bool IsReady => _ready && !_lifetime.IsEnding && _successors is not { IsSteeringRemoved: true };

    private Status? ReadState() => _state?.Read(IsReady);

    /// <summary>What can be asked of the admin host; a line for each feature.</summary>
    private void MapAdmin(IEndpointRouteBuilder app)
    {
        app.MapHealth(() => IsReady);
        app.MapStatus(ReadState);
        app.MapPorts(() => _state?.ReadPorts());
        app.MapMetrics(_metrics!.Collect);
        app.MapStatusPage();
        app.MapPageEvents(new PageEvents(ReadState, new LiveSampler(_live, TimeProvider.System), _records.Ends, counts => _state?.ReadPortCounters(counts), TimeProvider.System));
        app.MapPortMap(() => _state?.PortMap);
        app.MapReload(() => _reloader, () => _lifetime.IsEnding);
        app.MapExplain(() => _explainer);
        app.MapDrain(_lifetime, () => _drain);
    }

    private async Task<RunningParts> StartConnectionsAsync(Socket socket, AttachedSteering steering, NameTable names, ProxyConfiguration configuration)
    {
        var upstreams = _upstreams = new UpstreamRegistry(OwnDestinations.Of(configuration.Admin, configuration.Steering.Ruleset));
        var sources = OpenClientSources(configuration.Streams);
        var diallers = Own(new ReactorGroup<DestinationDialler>([.. Enumerable.Range(0, Environment.ProcessorCount).Select(number => NewDialler(number, upstreams, names, sources))]));
        diallers.Start();
        var tls = Own(new UpstreamTlsClusters(configuration.UpstreamTls, TimeProvider.System, _loggers.CreateLogger<UpstreamTlsLog>()));
        var clusters = Own(new StreamClusters(
            configuration.StreamClusters, new DestinationProbe(diallers, tls).ProbeAsync, TimeProvider.System, new HealthLog(_loggers.CreateLogger<HealthLog>())));

        var certificates = new CertificateStore(configuration.Tls, _loggers.CreateLogger<CertificateStore>());
        var watch = Own(new CertificateWatch(certificates, TimeProvider.System, _loggers.CreateLogger<CertificateWatch>()));
        var listeners = new VirtualListeners();
        var host = new HttpHost(configuration, certificates, tls, listeners, new HttpDialler(diallers), _records, _loggers);
        OwnAsync(() => host.DisposeAsync());
        await host.StartAsync();
        OwnAsync(() => new ValueTask(host.StopAsync()));

        var memory = host.Services.GetRequiredService<IMemoryPoolFactory<byte>>().Create();
        var rules = new ConnectionRules(
            configuration.TcpRoutes,
            new LiveStreams(configuration.Streams, clusters, tls, before: null),
            certificates,
            configuration.InboundProxyProtocol,
            new ConnectionLimit(configuration.Limits.MaxConnections),
            new SourceLimits(configuration.Limits.Source, TimeProvider.System),
            configuration.Limits);
        var connections = new Connections(rules, configuration.Tls, upstreams, new HttpHandOver(listeners, memory), Own(new SpareDescriptor()), _records, _live, _loggers);
        foreach (var acceptor in connections.Accept(socket, diallers.Members))
        {
            acceptor.Listen();
            OwnStep(acceptor.Stop);
        }
        var flows = Own(FlowService.Start(configuration, clusters, names, _records, _live, _loggers));
        return new RunningParts(steering, upstreams, names, sources, tls, clusters, watch, host, connections, flows);
    }

    /// <summary>Who asked for return routing before a crash may not ask for it any more.</summary>
    private ClientSourceRoutes OpenClientSources(IEnumerable<StreamRoute> streams)
    {
        var sources = Own(new ClientSourceRoutes(_loggers.CreateLogger<ClientSources>()));
        sources.OpenFor(streams);
        if (sources.Current is null)
            ReturnRoutes.RemoveStale();
        return sources;
    }

    private ReactorMember<DestinationDialler> NewDialler(int number, UpstreamRegistry upstreams, NameTable names, ClientSourceRoutes sources)
    {
        var reactor = new Reactor(number, _loggers.CreateLogger<Reactor>());
        return new(reactor, new DestinationDialler(new UpstreamDialler(reactor, upstreams), names, () => sources.Current));
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

    [LoggerMessage(Level = LogLevel.Error, Message = "A part of the proxy has not ended as it should")]
    private partial void NotCleanedUp(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Steering {Rules} rules of the configuration {Source}")]
    private partial void Steering(int rules, string source);

    [LoggerMessage(Level = LogLevel.Information, Message = "Took over the steering in {PinPath}")]
    private partial void TookOver(string pinPath);
}
