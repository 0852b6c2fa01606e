using Everyport.Proxy.Configuration;
using Everyport.Proxy.Tls;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Explain;

/// <summary>Explains what is in force now, guard rails and all. Few ask, so one at a time is answered.</summary>
internal sealed class RunningExplainer(Func<ProxyConfiguration> configuration, Func<Ruleset> ruleset, Func<CertificateDirectory> certificates) : IDisposable
{
    private readonly Lock _gate = new();
    private (ProxyConfiguration, Ruleset, CertificateDirectory) _known;
    private Explainer? _explainer;

    public Explanation Explain(Question question)
    {
        lock (_gate)
        {
            var now = (configuration(), ruleset(), certificates());
            if (_explainer is null || !ReferenceEquals(now.Item1, _known.Item1) || !ReferenceEquals(now.Item2, _known.Item2) || !ReferenceEquals(now.Item3, _known.Item3))
            {
                _explainer?.Dispose();
                (_explainer, _known) = (new Explainer(now.Item1, now.Item2, now.Item3), now);
            }
            return _explainer.Explain(question);
        }
    }

    public void Dispose() => _explainer?.Dispose();
}
