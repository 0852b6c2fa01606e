using System.Net;
using Everyport.Proxy.Configuration.Schema;
using Everyport.Proxy.Http;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>Turns configuration keys and values into a validated <see cref="ProxyConfiguration"/>, or lists all errors.</summary>
internal static class ConfigurationReader
{
    private const int MostPerSecond = 1_000_000;

    /// <summary>Sockets of one service and protocol that steering has slots for.</summary>
    private const int MostFlowThreads = 4;

    /// <summary>Where editors look for the schema of a file.</summary>
    public const string SchemaKey = "$schema";

    /// <summary>The top-level sections.</summary>
    public static readonly string[] Sections = ["Steering", "ReverseProxy", "Streams", "ProxyProtocol", "Tls", "Policies", "Limits", "TrustedProxies", "Lifetime", "Admin", "AccessLog", "Telemetry", "Demo", "Logging", "Configuration"];

    public static ProxyConfiguration Read(KeyNode configuration, string source)
    {
        var errors = new ConfigurationErrors();
        var root = new SectionReader(configuration, "", errors);
        var result = ReadSections(root, configuration, source, errors);
        AccessLogReader.CheckRoutes(result, errors);
        CheckAgainstRules(result, errors);
        root.RejectUnknown();
        // Of what could not be read, nobody can say whether it contradicts anything.
        if (!errors.Any)
            RouteConflicts.Check(result, errors);
        errors.ThrowIfAny($"The configuration {source}");
        return result with { Warnings = [.. RouteWarnings.Of(result), .. TlsWarnings.Of(result.Tls, TimeProvider.System.GetUtcNow()), .. AdminReader.Warnings(result.Admin)] };
    }

    /// <summary>What the readers ask for, when they read a sample that has an entry of each kind.</summary>
    public static SectionShape Describe(KeyNode sample)
    {
        var (shape, errors) = (new SectionShape(), new ConfigurationErrors());
        var root = new SectionReader(sample, "", errors, shape);
        ReadSections(root, sample, "the sample", errors);
        root.RejectUnknown();
        return shape;
    }

    private static ProxyConfiguration ReadSections(SectionReader root, KeyNode configuration, string source, ConfigurationErrors errors)
    {
        var steering = SteeringReader.Read(root.Section("Steering"));
        var raw = configuration.Section("ReverseProxy");
        var streamClusters = StreamClusterReader.Read(root.Section("ReverseProxy"), raw);
        var limits = ReadLimits(root.Section("Limits"));
        var policies = PoliciesReader.Read(root.Section("Policies")) with { SourcePrefixIPv4 = limits.SourcePrefixIPv4, SourcePrefixIPv6 = limits.SourcePrefixIPv6 };
        var http = HttpReader.Read(root.Section("ReverseProxy"), raw, streamClusters, policies, errors);
        root.Accept("Demo", "Logging", SchemaKey);
        return new ProxyConfiguration
        {
            Source = source,
            Steering = steering,
            Http = (http ?? HttpConfiguration.None) with { TrustedProxies = root.Values<Prefix>("TrustedProxies", Prefix.TryParse) },
            StreamClusters = streamClusters,
            Streams = StreamsReader.Read(root.Entries("Streams"), new ClusterDirectory(streamClusters, http?.Clusters), configuration.GetSection("Tls:Certificates").GetChildren().Any()),
            InboundProxyProtocol = InboundProxyProtocolReader.Read(root.Entries("ProxyProtocol")),
            Tls = TlsReader.Read(root.Section("Tls")),
            Limits = limits,
            Lifetime = LifetimeReader.Read(root.Section("Lifetime")),
            Logging = configuration.GetSection("Logging"),
            Watch = ReadWatch(root.Section("Configuration")),
            Admin = AdminReader.Read(root.Section("Admin")) with { SharePort = steering.PinPath is not null },
            AccessLog = AccessLogReader.Read(root.Section("AccessLog")),
            Telemetry = TelemetryReader.Read(root.Section("Telemetry")),
            Demo = configuration.GetSection("Demo").Exists() ? ReadDemo(root.Section("Demo")) : null,
        };
    }

    /// <summary>What only shows when rules, endpoints and destinations are looked at together.</summary>
    private static void CheckAgainstRules(ProxyConfiguration configuration, ConfigurationErrors errors)
    {
        var ruleset = configuration.Steering.Ruleset;
        var own = configuration.OwnEndpoints.Select(endpoint => endpoint.ToRule([])).OfType<Rule>();
        if (!Ruleset.TryCreate([.. ruleset.Rules, .. own], ruleset.DenySources, out _, out var conflicts))
        {
            foreach (var conflict in conflicts)
                errors.Add("Steering:Rules", conflict);
        }
        AdminDestinationCheck.Check(configuration.Admin.Listen, configuration.Http, configuration.Streams, errors);
        SelfLoopCheck.Check(configuration.Steering, configuration.OwnEndpoints, configuration.Http, configuration.Streams, errors);
    }

    private static Limits ReadLimits(SectionReader section)
    {
        var defaults = new Limits();
        var limits = new Limits
        {
            MaxConnections = section.Number("MaxConnections", defaults.MaxConnections, 1, int.MaxValue),
            MaxConnectionsPerSource = section.Number("MaxConnectionsPerSource", defaults.MaxConnectionsPerSource, 1, int.MaxValue),
            NewConnectionsPerSecondPerSource = section.NumberOrOff("NewConnectionsPerSecondPerSource", null, MostPerSecond) ?? 0,
            SourcePrefixIPv4 = section.Number("SourcePrefixIPv4", defaults.SourcePrefixIPv4, 1, 32),
            SourcePrefixIPv6 = section.Number("SourcePrefixIPv6", defaults.SourcePrefixIPv6, 1, 128),
            MaxFlows = section.Number("MaxFlows", defaults.MaxFlows, 1, 1 << 24),
            MaxFlowsPerSource = section.Number("MaxFlowsPerSource", defaults.MaxFlowsPerSource, 1, int.MaxValue),
            NewFlowsPerSecondPerSource = section.NumberOrOff("NewFlowsPerSecondPerSource", null, MostPerSecond) ?? 0,
            FlowThreads = section.Number("FlowThreads", defaults.FlowThreads, 1, MostFlowThreads),
            FlowReceiveBuffer = section.Number("FlowReceiveBuffer", defaults.FlowReceiveBuffer, 1 << 12, 1 << 30),
            SniffTimeout = section.Duration("SniffTimeout", defaults.SniffTimeout),
            SpeakFirstDelay = section.Duration("SpeakFirstDelay", defaults.SpeakFirstDelay),
            FlowIdleTimeout = section.Duration("FlowIdleTimeout", defaults.FlowIdleTimeout),
            Http = HttpLimitsReader.Read(section.Section("Http")),
        };
        section.RejectUnknown();
        return limits;
    }

    private static bool ReadWatch(SectionReader section)
    {
        var watch = section.Flag("Watch", true);
        section.RejectUnknown();
        return watch;
    }

    private static DemoSettings ReadDemo(SectionReader section)
    {
        var demo = new DemoSettings(
            section.Value("Http", new IPEndPoint(IPAddress.Loopback, 9465), EndpointParser.TryParse),
            section.Value("Echo", new IPEndPoint(IPAddress.Loopback, 9466), EndpointParser.TryParse));
        section.RejectUnknown();
        return demo;
    }
}
