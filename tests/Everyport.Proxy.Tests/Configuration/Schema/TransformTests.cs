using Everyport.Proxy.Configuration;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration.Schema;

/// <summary>The transforms that are known are those of YARP.</summary>
public class TransformTests
{
    [Fact]
    public void A_wrong_key_of_a_transform_is_told_with_the_nearest_one() => AssertErrors(
        With("""{ "RequestHeadr": "a", "Set": "b" }, { "RequestHeader": "a", "Sett": "b" }, { "PathSet": "/", "Append": "b" }, { "Nonsense": "x" }"""),
        "ReverseProxy:Routes:web:Transforms:0:RequestHeadr: is no transform; did you mean 'RequestHeader'?",
        "ReverseProxy:Routes:web:Transforms:1:Sett: is an unknown key; did you mean 'Set'?",
        "ReverseProxy:Routes:web:Transforms:2:Append: is an unknown key; the transform 'PathSet' has no other",
        $"ReverseProxy:Routes:web:Transforms:3:Nonsense: is no transform; expected {string.Join(", ", YarpTransforms.Known.Keys.Order().Select(name => $"'{name}'"))}");

    [Theory]
    [InlineData("""{ "PathRemovePrefix": "/a" }""")]
    [InlineData("""{ "PathPrefix": "/a" }""")]
    [InlineData("""{ "PathSet": "/a" }""")]
    [InlineData("""{ "PathPattern": "/{rest}" }""")]
    [InlineData("""{ "QueryValueParameter": "a", "Append": "b" }""")]
    [InlineData("""{ "QueryRouteParameter": "a", "Set": "rest" }""")]
    [InlineData("""{ "QueryRemoveParameter": "a" }""")]
    [InlineData("""{ "HttpMethodChange": "GET", "Set": "POST" }""")]
    [InlineData("""{ "RequestHeadersCopy": "true" }""")]
    [InlineData("""{ "RequestHeaderOriginalHost": "true" }""")]
    [InlineData("""{ "RequestHeader": "a", "Set": "b" }""")]
    [InlineData("""{ "RequestHeaderRouteValue": "a", "Set": "rest" }""")]
    [InlineData("""{ "RequestHeaderRemove": "a" }""")]
    [InlineData("""{ "RequestHeadersAllowed": "a;b" }""")]
    [InlineData("""{ "X-Forwarded": "Set", "For": "Append", "Host": "Off", "Proto": "Remove", "Prefix": "Set", "HeaderPrefix": "X-F-" }""")]
    [InlineData("""{ "Forwarded": "for,by,host,proto", "ForFormat": "Ip", "ByFormat": "IpAndPort", "Action": "Append" }""")]
    [InlineData("""{ "ClientCert": "X-Client" }""")]
    [InlineData("""{ "ResponseHeadersCopy": "true" }""")]
    [InlineData("""{ "ResponseHeader": "a", "Append": "b", "When": "Always" }""")]
    [InlineData("""{ "ResponseHeaderRemove": "a", "When": "Always" }""")]
    [InlineData("""{ "ResponseHeadersAllowed": "a" }""")]
    [InlineData("""{ "ResponseTrailersCopy": "true" }""")]
    [InlineData("""{ "ResponseTrailer": "a", "Set": "b", "When": "Success" }""")]
    [InlineData("""{ "ResponseTrailerRemove": "a", "When": "Failure" }""")]
    [InlineData("""{ "ResponseTrailersAllowed": "a" }""")]
    public void YARP_takes_each_of_them(string transform)
    {
        Assert.Contains(YarpTransforms.Known, known => transform.Contains($"\"{known.Key}\"", StringComparison.Ordinal));
        Assert.Single(Read(With(transform)).Http.Routes);
        SchemaValidator.AssertValid(SchemaValidator.Parse(With(transform)));
    }

    private static string With(string transforms) =>
        $$"""
        { "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "web", "Match": { "Path": "/{**rest}" }, "Transforms": [ {{transforms}} ] } },
            "Clusters": { "web": { "Destinations": { "a": { "Address": "http://10.0.0.5/" } } } } } }
        """;
}
