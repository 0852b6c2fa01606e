using Everyport.Proxy.Flows;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Logs.Formats;
using Everyport.Proxy.Streams;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>Lines of the access log, byte by byte.</summary>
public class FormatTests
{
    private static readonly JsonFormat Json = new();
    private static readonly TextFormat Text = new(TimeZoneInfo.Utc);
    private static readonly CommonFormat Common = new(isCombined: false), Combined = new(isCombined: true);

    [Fact]
    public void A_request_in_JSON() => Assert.Equal(OneLine(
        """
        {"Timestamp":"2026-11-22T23:04:05.678Z","Kind":"request","Client":"192.0.2.9:4242","Original":"198.51.100.7:8080","Protocol":"HTTP/1.1","Method":"GET","Host":"example.com",
        "Target":"/a?b=c","Status":200,"Route":"web","Cluster":"origins","Destination":"a","BytesIn":3,"BytesOut":1234,"Milliseconds":3.215,"UserAgent":"curl/8",
        "TraceId":"0af7651916cd43dd8448eb211c80319c"}
        """),
        SomeRecords.Line(Json, SomeRecords.Request()));

    [Fact]
    public void A_request_that_the_proxy_answered_has_a_reason_in_JSON() =>
        Assert.Contains(""","Status":502,"Route":"web",""", SomeRecords.Line(Json, SomeRecords.Request(status: 502, reason: HttpErrorReason.ConnectFailed)), StringComparison.Ordinal);

    [Fact]
    public void A_request_whose_client_has_gone_has_no_status_in_JSON()
    {
        var line = SomeRecords.Line(Json, SomeRecords.Request(status: 0, reason: HttpErrorReason.ClientGone));
        Assert.DoesNotContain("Status", line, StringComparison.Ordinal);
        Assert.Contains(""","Reason":"ClientGone",""", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_in_JSON() => Assert.Equal(OneLine(
        """
        {"Timestamp":"2026-11-22T23:04:05.678Z","Kind":"stream","Client":"[2001:db8::9]:4242","Original":"[2001:db8:7::1]:443","Protocol":"TCP","Route":"postgres","Cluster":"pg",
        "Destination":"a","Sni":"db.example.com","BytesIn":100,"BytesOut":0,"Milliseconds":61250,"Reason":"Finished"}
        """),
        SomeRecords.Line(Json, SomeRecords.Stream()));

    [Fact]
    public void A_flow_in_JSON() => Assert.Equal(OneLine(
        """
        {"Timestamp":"2026-11-22T23:04:05.678Z","Kind":"flow","Client":"192.0.2.9:4242","Original":"198.51.100.7:8080","Protocol":"UDP","Route":"dns","Cluster":"resolvers",
        "Destination":"first","BytesIn":40,"BytesOut":600,"DatagramsIn":1,"DatagramsOut":2,"Milliseconds":12,"Reason":"Answered"}
        """),
        SomeRecords.Line(Json, SomeRecords.Flow()));

    [Fact]
    public void A_request_in_text()
    {
        Assert.Equal(
            """23:04:05 200 "GET example.com/a?b=c" 192.0.2.9:4242 -> 198.51.100.7:8080 web/a 3 B in, 1234 B out, 3.2 ms, trace 0af7651916cd43dd8448eb211c80319c""",
            SomeRecords.Line(Text, SomeRecords.Request()));
        Assert.StartsWith("23:04:05 --- ", SomeRecords.Line(Text, SomeRecords.Request(status: 0, reason: HttpErrorReason.ClientGone)), StringComparison.Ordinal);
        Assert.Contains(" ms, ConnectFailed, trace ", SomeRecords.Line(Text, SomeRecords.Request(status: 502, reason: HttpErrorReason.ConnectFailed)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_in_text()
    {
        Assert.Equal(
            """23:04:05 TCP [2001:db8::9]:4242 -> [2001:db8:7::1]:443 "db.example.com" postgres/a 100 B in, 0 B out, 61.3 s, Finished""",
            SomeRecords.Line(Text, SomeRecords.Stream()));
        Assert.Equal(
            "23:04:05 TCP [2001:db8::9]:4242 -> [2001:db8:7::1]:443 postgres 100 B in, 0 B out, 61.3 s, NoDestination",
            SomeRecords.Line(Text, SomeRecords.Stream(CloseReason.NoDestination, serverName: null)));
    }

    [Fact]
    public void A_flow_in_text() => Assert.Equal(
        "23:04:05 UDP 192.0.2.9:4242 -> 198.51.100.7:8080 dns/first 40 B in, 600 B out, 12.0 ms, DestinationUnreachable",
        SomeRecords.Line(Text, SomeRecords.Flow(FlowCloseReason.DestinationUnreachable)));

    [Fact]
    public void The_Common_Log_Format()
    {
        Assert.Equal("""192.0.2.9 - - [22/Nov/2026:23:04:05 +0000] "GET /a?b=c HTTP/1.1" 200 1234""", SomeRecords.Line(Common, SomeRecords.Request()));
        Assert.Equal("""2001:db8::9 - - [22/Nov/2026:23:04:05 +0000] "STREAM [2001:db8:7::1]:443 TCP" Finished -""", SomeRecords.Line(Common, SomeRecords.Stream()));
        Assert.Equal("""192.0.2.9 - - [22/Nov/2026:23:04:05 +0000] "FLOW 198.51.100.7:8080 UDP" Answered 600""", SomeRecords.Line(Common, SomeRecords.Flow()));
    }

    [Fact]
    public void The_combined_form_of_it()
    {
        Assert.Equal(
            "192.0.2.9 - - [22/Nov/2026:23:04:05 +0000] \"GET /a?b=c HTTP/1.1\" - 1234 \"http://\\x22\\x5c\" \"curl/8\"",
            SomeRecords.Line(Combined, SomeRecords.Request(status: 0, referer: "http://\"\\")));
        Assert.EndsWith(" \"-\" \"-\"", SomeRecords.Line(Combined, SomeRecords.Stream()), StringComparison.Ordinal);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings("");
}
