namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>The server of iperf3.</summary>
internal static class Iperf
{
    public static ServerProgram Start(NetworkNamespace @namespace, int port) =>
        ServerProgram.Start(@namespace, new TemporaryDirectory(), port, "iperf3", "-s", "-B", "127.0.0.1", "-p", $"{port}");
}
