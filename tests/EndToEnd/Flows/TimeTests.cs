namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>chrony asks chrony for the time through the proxy.</summary>
public sealed class TimeTests : IDisposable
{
    private readonly FlowBed _bed = new();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _bed.Dispose();
        _directory.Dispose();
    }

    [KernelFact]
    public void A_client_learns_the_time()
    {
        var server = Configuration("server", "port 10123\nbindaddress 127.0.0.1\nlocal stratum 8\nallow");
        _bed.Own(BackgroundProcess.Start(_bed.Namespace, "chronyd", "-d", "-x", "-u", "root", "-f", server));
        _bed.Start(FlowBed.Cluster("time", "udp://127.0.0.1:10123"), """ "time": { "ClusterId": "time", "Match": { "Protocol": "udp", "Ports": "123" } } """);

        // -Q asks and changes nothing.
        var client = Configuration("client", "server 198.51.100.123 iburst maxsamples 1");
        var result = _bed.Namespace.TryExec("chronyd", "-Q", "-u", "root", "-t", "40", "-f", client);
        Assert.Contains("System clock wrong by", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    private string Configuration(string name, string lines) =>
        _directory.Write($"{name}.conf", $"{lines}\ncmdport 0\nbindcmdaddress /\npidfile {Path.Combine(_directory.Path, name)}.pid\n");
}
