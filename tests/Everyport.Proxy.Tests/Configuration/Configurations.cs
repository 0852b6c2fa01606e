using System.Text;
using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>Reads configurations from JSON text.</summary>
internal static class Configurations
{
    public static ProxyConfiguration Read(string json) =>
        ConfigurationReader.Read(JsonKeys.Read(Encoding.UTF8.GetBytes(json), new ConfigurationErrors()), "'test.json'");

    /// <summary>Expects these errors and no other, each as <c>path: message</c>, in any order.</summary>
    public static void AssertErrors(string json, params IEnumerable<string> expected)
    {
        var lines = Assert.Throws<ConfigurationException>(() => Read(json)).Message.Split(Environment.NewLine);
        var errors = lines[1..].Select(line => line.Trim()).ToArray();
        Assert.Equal(string.Join('\n', expected.Order(StringComparer.Ordinal)), string.Join('\n', errors.Order(StringComparer.Ordinal)));
        Assert.Equal(errors.Length == 1 ? "The configuration 'test.json' has an error:" : $"The configuration 'test.json' has {errors.Length} errors:", lines[0]);
    }
}
