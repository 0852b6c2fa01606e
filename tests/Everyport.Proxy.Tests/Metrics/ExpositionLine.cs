using System.Globalization;
using System.Text;

namespace Everyport.Proxy.Tests.Metrics;

/// <summary>Reads a line as Prometheus does, character by character.</summary>
internal static class ExpositionLine
{
    public static (Dictionary<string, string> Labels, double Value) Parse(string line)
    {
        var labels = new Dictionary<string, string>();
        var at = line.IndexOfAny(['{', ' ']);
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf('=', at);
                var name = line[at..equals];
                Assert.Equal('"', line[equals + 1]);
                at = equals + 2;
                labels.Add(name, ReadQuoted(line, ref at));
                if (line[at] == ',')
                    at++;
            }
            at++;
        }
        return (labels, ReadNumber(line[(at + 1)..].Split(' ')[0]));
    }

    private static string ReadQuoted(string line, ref int at)
    {
        var value = new StringBuilder();
        for (; line[at] != '"'; at++)
        {
            if (line[at] != '\\')
            {
                value.Append(line[at]);
                continue;
            }
            at++;
            value.Append(line[at] switch
            {
                'n' => '\n',
                '\\' => '\\',
                '"' => '"',
                var other => throw new FormatException($"\\{other}"),
            });
        }
        at++;
        return value.ToString();
    }

    private static double ReadNumber(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
