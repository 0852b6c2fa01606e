namespace Everyport.EndToEnd.Tests.Http;

/// <summary>The versions of HTTP that a request takes on its way to the Kestrel origin: the client's, and the port that leads to the origin's.</summary>
internal static class Ways
{
    private const int ToHttp1 = 10_080, ToHttp2 = 20_080;

    /// <summary>HTTP/1.1 and HTTP/2, on both sides.</summary>
    public static TheoryData<string, int> All => new()
    {
        { "1.1", ToHttp1 },
        { "1.1", ToHttp2 },
        { "2.0", ToHttp1 },
        { "2.0", ToHttp2 },
    };

    public static Uri Url(int port, string path) => new($"http://{PartiesScene.Address}:{port}{path}");

    public static Version Version(string version) => System.Version.Parse(version);
}
