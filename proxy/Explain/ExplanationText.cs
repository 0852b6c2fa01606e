using System.Text;

namespace Everyport.Proxy.Explain;

/// <summary>An explanation for people to read.</summary>
internal static class ExplanationText
{
    public static string Of(Explanation explanation)
    {
        var text = new StringBuilder().AppendLine(explanation.Question).AppendLine();
        for (var i = 0; i < explanation.Steps.Count; i++)
            text.Append(i + 1).Append(". ").AppendLine(explanation.Steps[i]);
        foreach (var open in explanation.Cases ?? [])
            text.Append("   ").Append(open.When).Append(": ").AppendLine(open.Summary);
        return text.AppendLine().Append("So: ").Append(explanation.Summary).Append(HintFor(explanation.Outcome)).Append('.').ToString();
    }

    private static string HintFor(ExplainedOutcome outcome) => outcome switch
    {
        ExplainedOutcome.FirstBytesDecide => "; --sni, --alpn, or --host and --path tell more",
        ExplainedOutcome.RequestDecides => "; --host, --path, --method and --header tell more",
        _ => "",
    };

    /// <summary>The outcome in words, without a full stop.</summary>
    public static string Say(ExplainedOutcome outcome, string? route, string? cluster, string? certificate, int? status = null)
    {
        var said = outcome switch
        {
            ExplainedOutcome.Denied => "refused, as its source is denied",
            ExplainedOutcome.NoRule or ExplainedOutcome.Pass => "not steered; the kernel's own lookup finds who listens there",
            ExplainedOutcome.Drop => "refused by a rule",
            ExplainedOutcome.Service => $"the service '{route}'",
            ExplainedOutcome.ProxyHeaderMissing => "reset, as it comes without a PROXY protocol header of a trusted peer",
            ExplainedOutcome.Stream => $"the stream '{route}', the cluster '{cluster}'",
            ExplainedOutcome.Http => route is null ? "HTTP, where the request decides" : $"the HTTP route '{route}', the cluster '{cluster}'",
            ExplainedOutcome.NoRoute => "refused, as no route takes it",
            ExplainedOutcome.NoCertificate => "refused by an alert of TLS, as there is no certificate for that name",
            ExplainedOutcome.HttpError => $"answered with {status}",
            ExplainedOutcome.FirstBytesDecide => "what the client sends first decides, as above",
            _ => "the request decides, as above",
        };
        return certificate is null ? said : $"{said}; TLS ends here with the certificate '{certificate}'";
    }
}
