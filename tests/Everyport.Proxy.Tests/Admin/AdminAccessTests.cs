using System.Net;
using System.Text;
using Everyport.Proxy.Admin;

namespace Everyport.Proxy.Tests.Admin;

/// <summary>Who may use the admin host, asked over the wire.</summary>
public sealed class AdminAccessTests : IAsyncLifetime
{
    private const string Token = "0123456789abcdef";

    private RunningAdminHost _open = null!, _guarded = null!;

    public async Task InitializeAsync()
    {
        Assert.True(AdminToken.TryParse(Token, out var token, out _));
        _open = await RunningAdminHost.StartAsync(AdminSettings.Default);
        _guarded = await RunningAdminHost.StartAsync(AdminSettings.Default with { Token = token });
    }

    public async Task DisposeAsync()
    {
        await _open.DisposeAsync();
        await _guarded.DisposeAsync();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:9464")]
    [InlineData("[::1]:9464")]
    [InlineData("localhost")]
    [InlineData("LocalHost:80")]
    [InlineData("everyport.localhost:80")]
    public async Task It_may_be_asked_for_by_addresses_and_as_localhost(string host) =>
        Assert.Equal(HttpStatusCode.OK, (await _open.GetAsync("/api/thing", ("Host", host))).StatusCode);

    [Fact]
    public async Task It_may_be_asked_for_by_the_name_of_the_machine() =>
        Assert.Equal(HttpStatusCode.OK, (await _open.GetAsync("/api/thing", ("Host", Environment.MachineName))).StatusCode);

    [Theory]
    [InlineData("evil.example.com")]
    [InlineData("evil.example.com:9464")]
    [InlineData("127.0.0.1.evil.example.com")]
    [InlineData("localhost.evil.example.com")]
    public async Task A_name_of_somebody_else_is_refused(string host)
    {
        var answer = await _open.GetAsync("/api/thing", ("Host", host));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Admin:Hosts", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_the_configuration_has_is_ours()
    {
        await using var named = await RunningAdminHost.StartAsync(AdminSettings.Default with { Hosts = ["ops.example.com"] });
        Assert.Equal(HttpStatusCode.OK, (await named.GetAsync("/api/thing", ("Host", "OPS.example.com:9464"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await named.GetAsync("/api/thing", ("Host", "x.ops.example.com"))).StatusCode);
    }

    [Theory]
    [InlineData("Bearer " + Token)]
    [InlineData("bearer  " + Token + " ")]
    public async Task Who_has_the_token_may_ask_by_any_name(string authorization) => Assert.Equal(
        HttpStatusCode.OK, (await _guarded.GetAsync("/api/thing", ("Host", "proxy.example.com"), ("Authorization", authorization))).StatusCode);

    [Theory]
    [InlineData("")]
    [InlineData("somebody")]
    public async Task A_browser_may_show_the_token_as_the_password(string user) =>
        Assert.Equal(HttpStatusCode.OK, (await _guarded.GetAsync("/api/thing", ("Authorization", Basic($"{user}:{Token}")))).StatusCode);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer 0123456789abcdeg")]
    [InlineData("Bearer 0123456789abcde")]
    [InlineData("Bearer 0123456789abcdef0")]
    [InlineData("Token 0123456789abcdef")]
    [InlineData("0123456789abcdef")]
    [InlineData("Basic 0123456789abcdef")]
    [InlineData("Basic !!!")]
    [InlineData("Basic MDEyMzQ1Njc4OWFiY2RlZg==")] // the token, without the colon before it
    public async Task Without_the_token_nothing_is_told(string? authorization)
    {
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];
        var answer = await _guarded.GetAsync("/api/thing", headers);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(["Bearer", "Basic"], answer.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
        Assert.DoesNotContain("a thing", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_learns_without_the_token_what_there_is() =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await _guarded.GetAsync("/nothing/of/the/kind")).StatusCode);

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task How_it_is_anybody_may_ask_by_any_name(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await _guarded.GetAsync(path, ("Host", "evil.example.com"))).StatusCode);

    [Theory]
    [InlineData("/livez/../api/thing")]
    [InlineData("/livez/%2e%2e/api/thing")]
    [InlineData("//livez")]
    [InlineData("/LIVEZ")]
    [InlineData("/livez/")]
    public async Task No_other_writing_of_a_path_gets_round_the_token(string path)
    {
        var answer = await _guarded.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example.com")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "https://localhost")]
    [InlineData("Origin", "http://localhost:1")]
    public async Task A_page_of_another_site_changes_nothing(string header, string value)
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await _open.PostAsync("/api/change", ("Host", "localhost"), (header, value))).StatusCode);
        // With the token of a browser that has it, as little.
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await _guarded.PostAsync("/api/change", ("Host", "localhost"), ("Authorization", Basic($":{Token}")), (header, value))).StatusCode);
    }

    [Fact]
    public async Task Programs_and_our_own_page_change_what_they_like()
    {
        Assert.Equal(HttpStatusCode.OK, (await _open.PostAsync("/api/change")).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (await _open.PostAsync("/api/change", ("Host", "localhost:80"), ("Origin", "http://localhost:80"), ("Sec-Fetch-Site", "same-origin"))).StatusCode);
    }

    [Fact]
    public async Task Nothing_is_kept_by_caches_or_taken_for_what_it_is_not()
    {
        var answer = await _open.GetAsync("/api/thing");
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["same-origin"], answer.Headers.GetValues("Cross-Origin-Resource-Policy"));
    }

    [Fact]
    public async Task What_the_proxy_itself_dials_is_refused_for_what_it_says()
    {
        await using var reached = await RunningAdminHost.StartAsync(AdminSettings.Default, isOurs: true);
        await Assert.ThrowsAsync<HttpRequestException>(() => reached.GetAsync("/livez"));
    }

    private static string Basic(string credentials) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";
}
