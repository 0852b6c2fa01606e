namespace Everyport.Proxy.Tracing;

/// <summary>How a collector is spoken to. By <c>Telemetry:Otlp:Protocol</c>.</summary>
internal enum OtlpProtocol
{
    /// <summary>gRPC, usually on port 4317.</summary>
    Grpc,

    /// <summary>Protobuf by HTTP/1.1, usually on port 4318.</summary>
    HttpProtobuf,
}
