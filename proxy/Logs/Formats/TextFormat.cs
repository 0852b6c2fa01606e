using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Logs.Formats;

/// <summary>A line for people, with the time of day.</summary>
internal sealed class TextFormat(TimeZoneInfo zone) : ILineFormat
{
    public void Write(Line line, DateTime ended, in RequestRecord record)
    {
        Begin(line, ended);
        if (record.Status == 0)
            line.Append("---"u8);
        else
            line.Append(record.Status);
        line.Append(" \""u8);
        line.AppendPlain(record.Method.Length == 0 ? "-" : record.Method);
        line.Append((byte)' ');
        line.AppendPlain(record.Host);
        line.AppendPlain(record.Target);
        line.Append("\" "u8);
        WriteWay(line, record.Steered, record.Route, record.Destination, record.ServerName);
        WriteAmounts(line, record.BytesIn, record.BytesOut, record.Duration);
        if (record.Reason is { } reason)
            WriteReason(line, reason.ToString());
        WriteTrace(line, record.Trace);
    }

    public void Write(Line line, DateTime ended, in StreamRecord record)
    {
        Begin(line, ended);
        line.Append("TCP "u8);
        WriteWay(line, record.Steered, record.Route, record.Destination, record.ServerName);
        WriteAmounts(line, record.BytesIn, record.BytesOut, record.Duration);
        WriteReason(line, record.Reason.ToString());
        WriteTrace(line, record.Trace);
    }

    public void Write(Line line, DateTime ended, in FlowRecord record)
    {
        Begin(line, ended);
        line.Append("UDP "u8);
        WriteWay(line, record.Steered, record.Route, record.Destination, record.ServerName);
        WriteAmounts(line, record.In.Bytes, record.Out.Bytes, record.Duration);
        WriteReason(line, record.Reason.ToString());
        WriteTrace(line, record.Trace);
    }

    private void Begin(Line line, DateTime ended)
    {
        line.Append(TimeZoneInfo.ConvertTimeFromUtc(ended, zone), "HH:mm:ss");
        line.Append((byte)' ');
    }

    /// <summary>As in <c>10.0.0.9:4242 -> 198.51.100.7:80 web/a</c>.</summary>
    private static void WriteWay(Line line, in Steered steered, string? route, string? destination, string? serverName)
    {
        line.Append(steered.Client);
        line.Append(" -> "u8);
        line.Append(steered.Original);
        if (serverName is not null)
        {
            line.Append(" \""u8);
            line.AppendPlain(serverName);
            line.Append((byte)'"');
        }
        line.Append((byte)' ');
        line.AppendPlain(route ?? "-");
        if (destination is null)
            return;
        line.Append((byte)'/');
        line.AppendPlain(destination);
    }

    private static void WriteAmounts(Line line, long bytesIn, long bytesOut, TimeSpan duration)
    {
        line.Append((byte)' ');
        line.Append(bytesIn);
        line.Append(" B in, "u8);
        line.Append(bytesOut);
        line.Append(" B out, "u8);
        var isShort = duration < TimeSpan.FromSeconds(1);
        line.Append(isShort ? duration.TotalMilliseconds : duration.TotalSeconds, "0.0");
        line.Append(isShort ? " ms"u8 : " s"u8);
    }

    private static void WriteReason(Line line, string reason)
    {
        line.Append(", "u8);
        line.AppendPlain(reason);
    }

    private static void WriteTrace(Line line, TraceId trace)
    {
        if (trace.IsNone)
            return;
        line.Append(", trace "u8);
        line.Append(trace);
    }
}
