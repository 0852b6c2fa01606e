using Microsoft.Extensions.Configuration;

namespace Everyport.Proxy.Reload;

/// <summary>The section <c>Logging</c> of the configuration that is in force: loggers notice when it is another one.</summary>
internal sealed class LoggingInForce : ConfigurationProvider, IConfigurationSource
{
    public LoggingInForce(IConfigurationSection first)
    {
        Fill(first);
        Section = new ConfigurationBuilder().Add(this).Build();
    }

    public IConfiguration Section { get; }

    public void Replace(IConfigurationSection next)
    {
        Fill(next);
        OnReload();
    }

    IConfigurationProvider IConfigurationSource.Build(IConfigurationBuilder builder) => this;

    private void Fill(IConfigurationSection section) =>
        Data = section.AsEnumerable(makePathsRelative: true).Where(entry => entry.Value is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);
}
