using System.Text;
using System.Text.Json;
using CsCheck;
using Everyport.Proxy.Logs.Formats;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>Whatever a client writes: it stays in its place.</summary>
public class InjectionPropertyTests
{
    /// <summary>Among others control characters of both kinds, halves of surrogate pairs, and marks that turn the direction of text.</summary>
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char,
        Gen.Char['\0', ' '],
        Gen.Char['\x7F', '\xA0'],
        Gen.Char['\uD800', '\uDFFF'],
        Gen.OneOf('"', '\\', '\n', '\r', '\x1B', '\u2028', '\u202E', '{', '}', '[', ' ')).Array[0, 40].Select(characters => new string(characters));

    [Fact]
    public void JSON_has_it_as_it_was_and_nothing_else() => Gen.Select(Text, Text, Text).Sample((target, host, agent) =>
    {
        var line = SomeRecords.Line(new JsonFormat(), SomeRecords.Request(target, host, agent));
        Assert.DoesNotContain(line, character => char.IsControl(character) || character is '\u2028' or '\u2029');
        var json = JsonElement.Parse(line);
        Assert.Equal(WithoutHalves(target), json.GetProperty("Target").GetString());
        Assert.Equal(WithoutHalves(host), json.GetProperty("Host").GetString());
        Assert.Equal(agent.Length > 0 ? WithoutHalves(agent) : null, json.TryGetProperty("UserAgent", out var written) ? written.GetString() : null);
        Assert.Equal("web", json.GetProperty("Route").GetString());
        Assert.Equal(16 + (agent.Length > 0 ? 1 : 0), json.EnumerateObject().Count());
    });

    [Fact]
    public void Other_formats_have_it_printable_between_quotation_marks() => Gen.Select(Text, Text, Text).Sample((target, host, agent) =>
    {
        AssertQuoted(new TextFormat(TimeZoneInfo.Utc), SomeRecords.Request(target, host, agent), marks: 2, $"GET {WithoutHalves(host)}{WithoutHalves(target)}");
        AssertQuoted(new CommonFormat(isCombined: false), SomeRecords.Request(target, host, agent), marks: 2, $"GET {WithoutHalves(target)} HTTP/1.1");
        AssertQuoted(new CommonFormat(isCombined: true), SomeRecords.Request(target, host, agent, referer: host), marks: 6, $"GET {WithoutHalves(target)} HTTP/1.1");
    });

    [Fact]
    public void A_server_name_stays_in_its_place_too() => Text.Sample(name =>
    {
        var line = SomeRecords.Line(new TextFormat(TimeZoneInfo.Utc), SomeRecords.Stream(serverName: name));
        Assert.DoesNotContain(line, character => character is < ' ' or > '~');
        Assert.Equal(2, line.Count(character => character == '"'));
        Assert.Equal(WithoutHalves(name), JsonElement.Parse(SomeRecords.Line(new JsonFormat(), SomeRecords.Stream(serverName: name))).TryGetProperty("Sni", out var sni) ? sni.GetString() : "");
    });

    private static void AssertQuoted(ILineFormat format, in Proxy.Logs.RequestRecord record, int marks, string quoted)
    {
        var line = SomeRecords.Line(format, record);
        Assert.DoesNotContain(line, character => character is < ' ' or > '~');
        Assert.Equal(marks, line.Count(character => character == '"'));
        Assert.Equal(quoted, Unescaped(line.Split('"')[1]));
    }

    /// <summary>The bytes behind <c>\xXX</c>, as text.</summary>
    private static string Unescaped(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(i + 2, 2))[0]);
                i += 3;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Half of a surrogate pair has no UTF-8.</summary>
    private static string WithoutHalves(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
