namespace Everyport.Steering.Tests.Kernel;

/// <summary>Runs while no other test does: it counts what the whole process holds.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>What a publication leaves behind of the one before it: nothing.</summary>
[Collection("alone")]
public sealed class GenerationTests : IDisposable
{
    private readonly SteeredNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void Old_generations_are_freed()
    {
        _space.Publish(Rulesets.Rule("edge", "127.7.0.0/16"));
        var before = BpfDescriptors();
        for (var i = 0; i < 20; i++)
            _space.Publish(Rulesets.Rule("edge", "127.7.0.0/16"), Rulesets.Rule("more", $"127.8.0.{i}/32", "80"));
        Assert.Equal(before, BpfDescriptors());
        Assert.NotEmpty(before);
    }

    /// <summary>The maps, programs and links that the process holds, by kind.</summary>
    private static IEnumerable<string> BpfDescriptors() =>
        [.. from fd in Directory.GetFiles("/proc/self/fd")
            let target = TargetOf(fd)
            where target.Contains("bpf", StringComparison.Ordinal)
            orderby target
            select target];

    private static string TargetOf(string fd)
    {
        try
        {
            return new FileInfo(fd).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return ""; // the one that lists the folder
        }
    }
}
