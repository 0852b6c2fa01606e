using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Logs.Formats;

/// <summary>
/// The Common Log Format of NCSA httpd, which programs that count visitors read; <paramref name="isCombined"/> adds referer and user
/// agent. Streams and flows, which it does not know, look alike: their method is <c>STREAM</c> or <c>FLOW</c>, their target the
/// original destination, and in place of the status stands the reason of their end.
/// </summary>
internal sealed class CommonFormat(bool isCombined) : ILineFormat
{
    public void Write(Line line, DateTime ended, in RequestRecord record)
    {
        Begin(line, ended, record.Steered);
        if (record.Method.Length == 0)
        {
            line.Append((byte)'-');
        }
        else
        {
            line.AppendPlain(record.Method);
            line.Append((byte)' ');
            line.AppendPlain(record.Target);
            line.Append((byte)' ');
            line.AppendPlain(record.Protocol);
        }
        line.Append("\" "u8);
        if (record.Status == 0)
            line.Append((byte)'-');
        else
            line.Append(record.Status);
        End(line, record.BytesOut, record.Referer, record.UserAgent);
    }

    public void Write(Line line, DateTime ended, in StreamRecord record)
    {
        Begin(line, ended, record.Steered);
        line.Append("STREAM "u8);
        line.Append(record.Steered.Original);
        line.Append(" TCP\" "u8);
        line.AppendPlain(record.Reason.ToString());
        End(line, record.BytesOut, null, null);
    }

    public void Write(Line line, DateTime ended, in FlowRecord record)
    {
        Begin(line, ended, record.Steered);
        line.Append("FLOW "u8);
        line.Append(record.Steered.Original);
        line.Append(" UDP\" "u8);
        line.AppendPlain(record.Reason.ToString());
        End(line, record.Out.Bytes, null, null);
    }

    private static void Begin(Line line, DateTime ended, in Steered steered)
    {
        line.Append(steered.Client.Address);
        line.Append(" - - ["u8);
        line.Append(ended, "dd/MMM/yyyy:HH:mm:ss");
        line.Append(" +0000] \""u8);
    }

    private void End(Line line, long bytes, string? referer, string? userAgent)
    {
        line.Append((byte)' ');
        if (bytes == 0)
            line.Append((byte)'-');
        else
            line.Append(bytes);
        if (!isCombined)
            return;
        WriteQuoted(line, referer);
        WriteQuoted(line, userAgent);
    }

    private static void WriteQuoted(Line line, string? text)
    {
        line.Append(" \""u8);
        line.AppendPlain(string.IsNullOrEmpty(text) ? "-" : text);
        line.Append((byte)'"');
    }
}
