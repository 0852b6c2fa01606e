using Everyport.Proxy.Lifetime;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>Lifetime</c>.</summary>
internal static class LifetimeReader
{
    public static LifetimeSettings Read(SectionReader section)
    {
        var settings = new LifetimeSettings
        {
            ReadyDelay = section.DurationOrOff("ReadyDelay", null) ?? TimeSpan.Zero,
            DrainTimeout = section.DurationOrOff("DrainTimeout", new LifetimeSettings().DrainTimeout) ?? TimeSpan.Zero,
        };
        section.RejectUnknown();
        return settings;
    }
}
