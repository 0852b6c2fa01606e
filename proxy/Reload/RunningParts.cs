using Everyport.Proxy.Clusters;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Http;
using Everyport.Proxy.Names;
using Everyport.Proxy.Tls;
using Everyport.Proxy.Tls.Upstream;
using Everyport.Steering;

namespace Everyport.Proxy.Reload;

/// <summary>The parts of the running proxy that take another configuration.</summary>
internal sealed record RunningParts(
    AttachedSteering Steering,
    UpstreamRegistry Upstreams,
    NameTable Names,
    ClientSourceRoutes ClientSources,
    UpstreamTlsClusters UpstreamTls,
    StreamClusters Clusters,
    CertificateWatch Certificates,
    HttpHost Http,
    Hosting.Connections Connections,
    FlowService Flows);
