namespace Everyport.Steering.Registration;

/// <summary>A control group by its directory.</summary>
internal sealed class FixedDirectory(string path) : IControlGroup
{
    public string? Find() => Directory.Exists(path) ? path : null;

    public string WhyNone() => $"There is no control group '{path}'; expected its directory, such as '/sys/fs/cgroup/system.slice/nginx.service'.";
}
