using System.CommandLine;
using System.Text.Json;
using Everyport.Proxy.Admin;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Explain;
using Microsoft.AspNetCore.WebUtilities;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport explain</c>: where a connection, flow or request would go.</summary>
internal sealed class ExplainCommand
{
    private readonly Argument<string> _protocol = new("tcp|udp") { Description = "The protocol" };
    private readonly Argument<string> _destination = new("DEST:PORT") { Description = "The address and port that a client dials: 198.51.100.7:443 or [2001:db8::7]:443" };
    private readonly Option<string?> _source = new("--source") { Description = "The address of the client", HelpName = "IP" };
    private readonly Option<string?> _sni = new("--sni") { Description = "The name that a TLS or QUIC client asks for", HelpName = "NAME" };
    private readonly Option<string[]> _alpn = new("--alpn") { Description = "A protocol that it offers, such as h2; may be given more than once", HelpName = "PROTOCOL" };
    private readonly Option<string?> _host = new("--host") { Description = "The Host of a request", HelpName = "HOST" };
    private readonly Option<string?> _path = new("--path") { Description = "The path of a request, with its query", HelpName = "PATH" };
    private readonly Option<string?> _method = new("--method") { Description = "The method of a request", HelpName = "METHOD" };
    private readonly Option<string[]> _header = new("--header") { Description = "A header of a request, such as 'X-Version: 2'; may be given more than once", HelpName = "HEADER" };
    private readonly Option<bool> _running = new("--running") { Description = "Asks the running proxy instead of the file: guard rails, which depend on the machine, are known only to it" };
    private readonly Option<bool> _json = JsonOption.Create();

    private ExplainCommand()
    {
    }

    public static Command Create(SettingsSource settings)
    {
        var explain = new ExplainCommand();
        var command = settings.AllowIn(new Command("explain", "Tells step by step where a connection, flow or request would go, and why")
        {
            explain._protocol, explain._destination, explain._source, explain._sni, explain._alpn, explain._host, explain._path, explain._method, explain._header, explain._running, explain._json,
        });
        command.SetAction((result, stopping) => Outcome.OfAsync(() => result.GetValue(explain._running)
            ? explain.AskAsync(settings.FindAdmin(result), result, stopping)
            : Task.FromResult(explain.Explain(settings.Load(result), result))));
        return command;
    }

    private int Explain(ProxyConfiguration configuration, ParseResult result)
    {
        if (!QuestionParser.TryParse(Read(result), out var question, out var error))
            throw new ConfigurationException(error!);
        using var explainer = Explainer.Offline(configuration);
        Print(explainer.Explain(question!), result.GetValue(_json));
        return ExitCodes.Good;
    }

    private async Task<int> AskAsync(AdminTarget target, ParseResult result, CancellationToken stopping)
    {
        var texts = Read(result);
        if (!QuestionParser.TryParse(texts, out _, out var error))
            throw new ConfigurationException(error!);
        using var client = new AdminClient(target);
        var answer = await client.AskAsync(HttpMethod.Get, QueryHelpers.AddQueryString(ExplainEndpoint.Path, Query(texts)), stopping);
        if (!answer.IsGood)
            throw new AdminClientException($"The proxy does not explain: {answer.Body.Trim()}");
        Print(JsonSerializer.Deserialize(answer.Body, ExplanationJson.Default.Explanation)!, result.GetValue(_json));
        return ExitCodes.Good;
    }

    private QuestionParser.Texts Read(ParseResult result) => new(result.GetValue(_protocol), result.GetValue(_destination))
    {
        Source = result.GetValue(_source),
        Sni = result.GetValue(_sni),
        Alpn = result.GetValue(_alpn) ?? [],
        Host = result.GetValue(_host),
        Path = result.GetValue(_path),
        Method = result.GetValue(_method),
        Headers = result.GetValue(_header) ?? [],
    };

    private static IEnumerable<KeyValuePair<string, string?>> Query(QuestionParser.Texts texts)
    {
        yield return new("protocol", texts.Protocol);
        yield return new("destination", texts.Destination);
        yield return new("source", texts.Source);
        yield return new("sni", texts.Sni);
        foreach (var protocol in texts.Alpn)
            yield return new("alpn", protocol);
        yield return new("host", texts.Host);
        yield return new("path", texts.Path);
        yield return new("method", texts.Method);
        foreach (var header in texts.Headers)
            yield return new("header", header);
    }

    private static void Print(Explanation explanation, bool asJson) => Console.WriteLine(asJson
        ? JsonSerializer.Serialize(explanation, ExplanationJson.Default.Explanation)
        : ExplanationText.Of(explanation));
}
