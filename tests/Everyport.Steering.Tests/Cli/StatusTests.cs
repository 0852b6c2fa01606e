using System.Text.Json;
using Everyport.Steering.Cli;
using Everyport.Steering.Cli.Scraping;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Cli;

/// <summary>What is told of a steering: to people, to programs, and to Prometheus.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly PinnedTerminal _steering = new();

    public void Dispose() => _steering.Dispose();

    [KernelFact]
    public void Where_nothing_is_loaded_that_is_told()
    {
        Assert.Equal($"Nothing is loaded in '{_steering.PinPath}'.\n", _steering.Do("status").Output);
        Assert.False(_steering.Do("status", "--json").Json.GetProperty("loaded").GetBoolean());
        Assert.Contains("So: not steered", _steering.Do("explain", "tcp", "127.7.0.1", "80").Output, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Loading_twice_and_unloading_twice_is_nothing_to_do()
    {
        Assert.Equal($"loaded {_steering.PinPath}\n", _steering.Do("load").Output);
        Assert.Contains("nothing to do", _steering.Run("load").Error, StringComparison.Ordinal);
        Assert.Equal($"unloaded {_steering.PinPath}\n", _steering.Do("unload").Output);
        var again = _steering.Run("unload");
        Assert.Equal((0, ""), (again.ExitCode, again.Output));
        Assert.Contains("nothing to do", again.Error, StringComparison.Ordinal);
        Assert.Empty(_steering.Pins);
    }

    [KernelFact]
    public void Rules_are_listed_in_the_order_in_which_they_decide()
    {
        _steering.Do("load");
        _steering.Do("bind", "--name", "wide", "web", "any", "127.0.0.0/8", "1-1000");
        _steering.Do("bind", "--name", "host", "web", "any", "127.7.7.7", "1-1000");
        _steering.Do("bind", "--name", "port", "web", "tcp", "127.7.0.0/16", "443");
        _steering.Do("bind", "--name", "ports", "other", "tcp", "127.7.0.0/16", "400-500");
        var names = _steering.Do("status").Lines.SkipWhile(line => !line.StartsWith("RULE", StringComparison.Ordinal)).Skip(1).Select(line => line.Split(' ')[0]).Take(4);
        Assert.Equal(["host", "port", "ports", "wide"], names);
    }

    [KernelFact]
    public void Hits_of_rules_are_told()
    {
        _steering.Do("load");
        using var web = _steering.Register(_steering.Tcp("web"));
        _steering.Do("bind", "--name", "wide", "web", "tcp", "127.7.0.0/16", "1-1000");
        _steering.Do("bind", "--name", "dark", "--drop", "tcp", "127.7.0.0/16", "81");
        Assert.Equal("web", _steering.Dial("127.7.0.1", 80));
        Assert.Equal(Client.Refused, _steering.Dial("127.7.0.1", 81));
        Assert.Equal("web", _steering.Dial("127.7.0.1", 82));

        var rules = _steering.Do("status", "--json").Json.GetProperty("rules").EnumerateArray().ToDictionary(rule => rule.GetProperty("name").GetString()!, rule => rule.GetProperty("hits").GetInt32());
        Assert.Equal((2, 1), (rules["wide"], rules["dark"]));
        Assert.Matches("(?m)^wide .* 2$", _steering.Do("status").Output);

        _steering.Do("unload", "--force");
        _steering.Do("load", "--no-rule-counters");
        _steering.Do("bind", "--name", "wide", "web", "tcp", "127.7.0.0/16", "1-1000");
        Assert.Equal(JsonValueKind.Null, _steering.Do("status", "--json").Json.GetProperty("rules")[0].GetProperty("hits").ValueKind);
    }

    [KernelFact]
    public void Sockets_and_counters_of_services_are_told()
    {
        _steering.Do("load");
        using var web = _steering.Register(_steering.Tcp("web"));
        _steering.Do("bind", "web", "tcp", "127.7.0.0/16", "80");
        _steering.Do("bind", "absent", "tcp", "127.8.0.0/16", "80");
        Assert.Equal("web", _steering.Dial("127.7.0.1", 80));
        Assert.Equal(Client.Refused, _steering.Dial("127.8.0.1", 80));

        var services = _steering.Do("status", "--json").Json.GetProperty("services").EnumerateArray().Where(service => service.GetProperty("protocol").GetString() == "tcp").ToDictionary(service => service.GetProperty("name").GetString()!);
        Assert.Equal((1, 0, 1), (services["web"].GetProperty("ipv4").GetArrayLength(), services["web"].GetProperty("ipv6").GetArrayLength(), services["web"].GetProperty("steered").GetInt32()));
        Assert.Equal((0, 1), (services["absent"].GetProperty("ipv4").GetArrayLength(), services["absent"].GetProperty("refused").GetInt32()));
        Assert.Contains(services["web"].GetProperty("ipv4")[0].GetString()!, _steering.Do("status").Output, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Promtool_has_nothing_to_say_about_the_metrics()
    {
        _steering.Do("load");
        _steering.Do("bind", "a \"quoted\\\" name", "tcp", "127.7.0.0/16", "80");
        var metrics = _steering.Do("metrics").Output;
        Assert.Contains("steerctl_service_steered_total{service=\"a \\\"quoted\\\\\\\" name\",protocol=\"tcp\"} 0", metrics, StringComparison.Ordinal);
        var check = Command.Try("promtool", ["check", "metrics"], metrics);
        Assert.Equal((0, "", ""), (check.ExitCode, check.Output, check.Error));
    }

    [Fact]
    public void A_scrape_that_fails_is_answered_in_words_and_counted()
    {
        var fails = true;
        var scraper = new Scraper(() => fails ? throw new SteeringException("Cannot read it.") : null, "1.0");
        Assert.Equal((500, "Cannot read it.\n"), scraper.Scrape());
        fails = false;
        var (status, body) = scraper.Scrape();
        Assert.Equal(200, status);
        Assert.Contains("steerctl_scrapes_failed_total 1\n", body, StringComparison.Ordinal);
        Assert.Contains("steerctl_loaded 0\n", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /metrics HTTP/1.1", "HTTP/1.1 200 OK")]
    [InlineData("GET /metrics?x=1 HTTP/1.0", "HTTP/1.1 200 OK")]
    [InlineData("GET / HTTP/1.1", "HTTP/1.1 404 Not Found")]
    [InlineData("POST /metrics HTTP/1.1", "HTTP/1.1 405 Method Not Allowed")]
    [InlineData("PRI * HTTP/2.0", "HTTP/1.1 400 Bad Request")]
    [InlineData("nonsense", "HTTP/1.1 400 Bad Request")]
    public void Only_a_scrape_is_answered(string request, string answer) =>
        Assert.StartsWith(answer, System.Text.Encoding.UTF8.GetString(HttpAnswer.To(request, () => (200, "x 1\n"))), StringComparison.Ordinal);

    [Theory]
    [InlineData(0x1au, "sk:1a")]
    public void Sockets_are_written_as_ss_does(ulong cookie, string text) => Assert.Equal(text, SocketText.Of(cookie));
}
