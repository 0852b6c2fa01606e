using Everyport.Proxy.Lifetime;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>Lifetime</c>.</summary>
internal static class LifetimeReader
{
    public static LifetimeSettings Read(SectionReader section)
    {
        var defaults = new LifetimeSettings();
        var settings = new LifetimeSettings
        {
            ReadyDelay = section.DurationOrOff("ReadyDelay", null) ?? TimeSpan.Zero,
            DrainTimeout = section.DurationOrOff("DrainTimeout", defaults.DrainTimeout) ?? TimeSpan.Zero,
            RestTimeout = section.Duration("RestTimeout", defaults.RestTimeout),
        };
        section.RejectUnknown();
        return settings;
    }
}
