using System.Text.Json;
using Everyport.Benchmarks;

// The shell part sets these; see loadtest/bench.sh.
var output = Environment.GetEnvironmentVariable("BENCH_OUT") ?? throw new InvalidOperationException("BENCH_OUT is not set; run 'make bench'.");
var machine = Environment.GetEnvironmentVariable("BENCH_MACHINE") ?? "";

var lookups = LookupBench.Run();
var publications = PublishBench.Run();
var memory = MemoryBench.Run();

File.WriteAllText(Path.Combine(output, "steering.md"), Report.Markdown(machine, lookups, publications, memory));
File.WriteAllText(Path.Combine(output, "steering.json"), JsonSerializer.Serialize(
    new { machine, part = "steering", lookups, publications, memory },
    new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase }));
