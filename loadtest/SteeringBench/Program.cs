using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Everyport.Benchmarks;
using Everyport.Steering.Rules;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;

using var listener = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
listener.Listen();
using var shared = new SharedMaps();
new SocketSlots(shared.Sockets).Register(0, "proxy", listener.SafeHandle);

foreach (var ipv6 in new[] { false, true })
{
    using var rivals = new Rivals(listener.SafeHandle);
    var hit = ipv6 ? Workload.IPv6(1) : Workload.IPv4(1);
    uint Cost(int program, Address address) => Enumerable.Range(0, 9).Min(_ => ProgramRun.Run(program, false, address, 8080, repeat: 1_000_000).Nanoseconds);
    Console.WriteLine($"ipv6={ipv6} pass {Cost(rivals.Pass, hit.Prefixes[0].Address)} unconditional {Cost(rivals.Unconditional, hit.Prefixes[0].Address)}");
    foreach (var n in new[] { 1, 100_000, 100_000, 1_000_000 , 1_000_000})
    {
        var work = ipv6 ? Workload.IPv6(n) : Workload.IPv4(n);
        var json = work.ToJson(); Cpu();
        Cpu();
        if (!RulesFile.TryParse(json, out var ruleset, out var errors)) throw new InvalidOperationException(errors[0]);
        var parse = Cpu();
        var table = TableCompiler.Compile(ruleset, _ => 0);
        var compile = Cpu();
        using var g = Generation.Load(table, shared, countPorts: false);
        var load = Cpu();
        using var g2 = Generation.Load(table, shared, countPorts: true);
        var a = work.Prefixes[n / 2].Address;
        var miss = ipv6 ? new Address(true, new UInt128(0x5000_0000_0000_0000, 1)) : Address.FromIPv4(0x0B010203);
        Console.WriteLine($"{n}: match {Cost(g.ProgramFd, a)} with ports {Cost(g2.ProgramFd, a)} miss {Cost(g.ProgramFd, miss)} cells {table.CellCount} = {table.Bytes.Length / 1048576.0:F1} MiB; parse {parse} compile {compile} load {load} ms");
    }
}

static partial class Program { static TimeSpan s_last; static double Cpu() { var now = Environment.CpuUsage.TotalTime; var d = (now - s_last).TotalMilliseconds; s_last = now; return d; } }
