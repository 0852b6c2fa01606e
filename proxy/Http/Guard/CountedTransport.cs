using System.IO.Pipelines;

namespace Everyport.Proxy.Http.Guard;

/// <summary>A transport whose input is another one.</summary>
internal sealed record CountedTransport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
