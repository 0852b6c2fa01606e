namespace Everyport.EndToEnd.Tests.Http.Rpc;

/// <summary>By HTTP/2 in TLS, which ends at the proxy.</summary>
public sealed class TlsRpcTests(PartiesScene scene) : RpcTests(scene, "https");
