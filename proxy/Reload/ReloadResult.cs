using System.Text.Json.Serialization;

namespace Everyport.Proxy.Reload;

/// <summary>How a reload has ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReloadResult>))]
internal enum ReloadResult
{
    /// <summary>It is in force.</summary>
    Applied,

    /// <summary>It says what is in force already.</summary>
    Unchanged,

    /// <summary>It has errors; what was in force still is.</summary>
    Invalid,

    /// <summary>It is good, but cannot be put in force here and now; what was in force still is.</summary>
    Failed,
}
