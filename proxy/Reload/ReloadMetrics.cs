using System.Diagnostics.Metrics;
using System.Globalization;
using Everyport.Proxy.Metrics;

namespace Everyport.Proxy.Reload;

/// <summary>Measures reloads.</summary>
internal static class ReloadMetrics
{
    /// <summary>As many bits as a floating-point number holds exactly.</summary>
    private const int HashDigits = 12;

    private static readonly Counter<long> Reloads = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_configuration_reloads", unit: null, "Reloads of the configuration, by their result.");

    private static readonly string[] Results = Enum.GetNames<ReloadResult>();
    private static State s_state = new(IsGood: true, DateTimeOffset.UnixEpoch, 0);

    static ReloadMetrics()
    {
        EveryportMeter.Shared.CreateObservableGauge(
            "everyport_configuration_last_reload_success", () => s_state.IsGood ? 1 : 0, unit: null, "Whether what was to be put in force last is in force: 1 or 0.");
        EveryportMeter.Shared.CreateObservableGauge(
            "everyport_configuration_last_reload_success_timestamp_seconds", () => s_state.Since.ToUnixTimeSeconds(), unit: null, "When the configuration in force was put in force, in seconds since 1970.");
        EveryportMeter.Shared.CreateObservableGauge(
            "everyport_configuration_hash", () => s_state.Hash, unit: null, "The hash of the configuration in force, as a number: equal where the configuration is.");
    }

    /// <summary>This configuration is in force from now on.</summary>
    public static void InForce(string hash, DateTimeOffset since) =>
        s_state = new State(IsGood: true, since, hash.Length < HashDigits ? 0 : long.Parse(hash.AsSpan(0, HashDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    public static void Ended(ReloadResult result)
    {
        Reloads.Add(1, new KeyValuePair<string, object?>("result", Results[(int)result]));
        s_state = s_state with { IsGood = result is ReloadResult.Applied or ReloadResult.Unchanged };
    }

    private sealed record State(bool IsGood, DateTimeOffset Since, long Hash);
}
