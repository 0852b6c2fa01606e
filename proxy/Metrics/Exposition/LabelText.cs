using System.Globalization;
using System.Text;

namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>Writes labels: <c>route="web",cluster="a\"b"</c>, the same in both formats.</summary>
internal static class LabelText
{
    /// <summary>Labels without a value are left out: to Prometheus that is the same.</summary>
    public static byte[] Of(params ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            if (Convert.ToString(value, CultureInfo.InvariantCulture) is not { Length: > 0 } written)
                continue;
            text.Append(text.Length > 0 ? "," : "").Append(MetricName.Clean(name)).Append("=\"");
            Escape(written, text, quotes: true);
            text.Append('"');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A backslash before what would end the text or the line.</summary>
    public static void Escape(string value, StringBuilder output, bool quotes)
    {
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => output.Append(@"\\"),
                '\n' => output.Append(@"\n"),
                '"' when quotes => output.Append("\\\""),
                _ => output.Append(character),
            };
        }
    }
}
