using System.Text;
using Everyport.Proxy.Configuration;
using Microsoft.Extensions.Configuration;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>Keys that are read in one pass, and found at once, are those that .NET finds by walking over all of them.</summary>
public class JsonKeysTests
{
    private const string Json = """{ "a": { "b": 1, "B2": { "c": [3, 4, { "d": null }], "empty": {} } }, "list": ["x", "y"], "10": 1, "9": 2, "none": [], "f": 1.50e3, "yes": true, "no": false, "nested:key": { "x": "\u00e4" }, "nothing": null, "deep": [[1, [], {}], [2]] }""";

    private static readonly KeyValuePair<string, string?>[] Later = [new("A:b", "2"), new("a:b2:C:1", "5"), new("new:key", "6"), new("list:10", "z")];

    [Fact]
    public void They_are_the_same_and_in_the_same_order()
    {
        using IDisposable expected = (ConfigurationRoot)new ConfigurationBuilder().AddJsonStream(Stream()).AddInMemoryCollection(Later).Build();
        var indexed = Read(Json);
        foreach (var (key, value) in Later)
            indexed.AddAll(key).Value = value;
        Assert.Equal(Flat((IConfigurationRoot)expected), Flat(indexed));
    }

    [Fact]
    public void A_command_line_is_read_as_ever() =>
        Assert.Equal(KeyValuePair.Create("a:b", "7"), Assert.Single(CommandLineKeys.Read(["--a:b=7"]))!);

    [Theory]
    [InlineData("[1]", "the top level is not an object")]
    [InlineData("", "line 1, column 1")]
    [InlineData("{} x", "line 1, column 4")]
    [InlineData("{\n \"a\": }", "line 2, column 7")]
    public void What_is_no_JSON_object_is_refused(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<FormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_that_is_no_UTF_8_is_refused() =>
        Assert.Throws<FormatException>(() => JsonKeys.Read([.. "{\"a\":\""u8, 0xff, .. "\"}"u8], new ConfigurationErrors()));

    [Fact]
    public void A_section_that_is_left_out_is_not_in_a_copy()
    {
        var all = Read("""{ "a": { "b": { "c": 1 }, "d": 2 } }""").Section("a");
        var some = all.With(all.Children.Where(child => child.Key != "d"));
        Assert.Equal(("a", "1", null), (some.Path, some["b:c"], some["d"]));
        Assert.Equal("2", all["d"]);
    }

    private static string Flat(IConfiguration configuration) => string.Join('\n', configuration.GetChildren().Select(child => $"{child.Path.ToUpperInvariant()} = {child.Value}\n{Flat(child)}"));

    private static KeyNode Read(string json) => JsonKeys.Read(Encoding.UTF8.GetBytes(json), new ConfigurationErrors());

    private static MemoryStream Stream() => new(Encoding.UTF8.GetBytes(Json));
}
