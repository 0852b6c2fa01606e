namespace Everyport.EndToEnd.Tests.Http.Rpc;

/// <summary>By HTTP/2 with prior knowledge.</summary>
public sealed class PlainRpcTests(PartiesScene scene) : RpcTests(scene, "http");
