using System.Text;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Logs.Formats;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>Records of what has ended, and lines made of them.</summary>
internal static class SomeRecords
{
    public static readonly DateTime Ended = new(2026, 11, 22, 23, 4, 5, 678, DateTimeKind.Utc);

    public static readonly Steered Steered4 = new(At("192.0.2.9", 4242), At("198.51.100.7", 8080));
    public static readonly Steered Steered6 = new(At("2001:db8::9", 4242), At("2001:db8:7::1", 443));

    public static RequestRecord Request(
        string target = "/a?b=c", string host = "example.com", string? userAgent = "curl/8", string? referer = null, int status = 200, HttpErrorReason? reason = null, string? route = "web") => new()
        {
            Steered = Steered4,
            Protocol = "HTTP/1.1",
            Method = "GET",
            Host = host,
            Target = target,
            Status = status,
            Route = route,
            Cluster = "origins",
            Destination = "a",
            UserAgent = userAgent,
            Referer = referer,
            BytesIn = 3,
            BytesOut = 1234,
            Duration = TimeSpan.FromMicroseconds(3214.5),
            Reason = reason,
            Trace = TraceId.FromHeader("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        };

    public static StreamRecord Stream(CloseReason reason = CloseReason.Finished, string? serverName = "db.example.com") => new()
    {
        Steered = Steered6,
        Route = "postgres",
        Cluster = "pg",
        Destination = reason == CloseReason.NoDestination ? null : "a",
        ServerName = serverName,
        BytesIn = 100,
        BytesOut = 0,
        Duration = TimeSpan.FromSeconds(61.25),
        Reason = reason,
    };

    public static FlowRecord Flow(FlowCloseReason reason = FlowCloseReason.Answered)
    {
        var (asked, answered) = (new FlowCount(), new FlowCount());
        asked.Add(1, 40);
        answered.Add(2, 600);
        return new FlowRecord
        {
            Steered = Steered4,
            Route = "dns",
            Cluster = "resolvers",
            Destination = "first",
            In = asked,
            Out = answered,
            Duration = TimeSpan.FromMilliseconds(12),
            Reason = reason,
        };
    }

    public static string Line(ILineFormat format, in RequestRecord record)
    {
        var line = Everyport.Proxy.Logs.Formats.Line.Begin();
        format.Write(line, Ended, record);
        return Encoding.UTF8.GetString(line.Written);
    }

    public static string Line(ILineFormat format, in StreamRecord record)
    {
        var line = Everyport.Proxy.Logs.Formats.Line.Begin();
        format.Write(line, Ended, record);
        return Encoding.UTF8.GetString(line.Written);
    }

    public static string Line(ILineFormat format, in FlowRecord record)
    {
        var line = Everyport.Proxy.Logs.Formats.Line.Begin();
        format.Write(line, Ended, record);
        return Encoding.UTF8.GetString(line.Written);
    }

    private static Endpoint At(string address, ushort port) => new(Address.TryParse(address, out var parsed) ? parsed : throw new FormatException(address), port);
}
