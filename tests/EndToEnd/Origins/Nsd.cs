using System.Text;

namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>A real DNS server, NSD, with one zone over UDP and TCP on 127.0.0.1.</summary>
internal sealed class Nsd : IDisposable
{
    /// <summary>Text records of <c>large.example.</c>: more than fits into a UDP answer.</summary>
    public const int LargeRecords = 100;

    private readonly TemporaryDirectory _directory = new();
    private readonly BackgroundProcess _process;

    public Nsd(NetworkNamespace @namespace, int port)
    {
        var zone = new StringBuilder("$TTL 60\n@ SOA ns.example. admin.example. 1 3600 600 86400 60\n@ NS ns.example.\nns A 192.0.2.1\nsmall A 192.0.2.2\n");
        for (var i = 0; i < LargeRecords; i++)
            zone.Append($"large TXT \"record {i} {new string('x', 60)}\"\n");
        for (var i = 0; i < 12; i++)
            zone.Append($"medium TXT \"record {i} {new string('x', 60)}\"\n");
        _directory.Write("example.zone", zone.ToString());
        var configuration = _directory.Write("nsd.conf",
            $"""
            server:
              ip-address: 127.0.0.1@{port}
              zonesdir: "{_directory.Path}"
              database: ""
              zonelistfile: "{_directory.Path}/zone.list"
              xfrdfile: "{_directory.Path}/xfrd.state"
              xfrdir: "{_directory.Path}"
              pidfile: ""
              username: ""
              ipv4-edns-size: 1232
              tcp-count: 50
            remote-control:
              control-enable: no
            zone:
              name: example
              zonefile: example.zone
            """);
        _process = BackgroundProcess.Start(@namespace, "nsd", "-d", "-c", configuration);
        for (var attempt = 0; !@namespace.TryExec("dig", "+short", "+tries=1", "+timeout=1", "@127.0.0.1", "-p", $"{port}", "small.example").Output.Contains("192.0.2.2", StringComparison.Ordinal); attempt++)
        {
            if (attempt == 100 || _process.HasEnded)
                throw new InvalidOperationException($"nsd did not start. It wrote: {_process.Output}");
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        _directory.Dispose();
    }
}
