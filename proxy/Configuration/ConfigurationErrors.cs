using System.Text;

namespace Everyport.Proxy.Configuration;

/// <summary>Collects everything that is wrong with a configuration, so that it is all reported at once.</summary>
internal sealed class ConfigurationErrors
{
    private readonly List<(string Path, string Message)> _errors = [];
    private readonly HashSet<(string Path, string Message)> _known = [];

    public bool Any => _errors.Count > 0;

    public IReadOnlyList<(string Path, string Message)> All => _errors;

    /// <summary>
    /// Adds an error at a configuration path such as <c>Steering:Rules:edge:Ports</c>, once: two readers may look at
    /// one section.
    /// </summary>
    public void Add(string path, string message)
    {
        if (_known.Add((path, message)))
            _errors.Add((path, message));
    }

    /// <summary>Throws where there is any error.</summary>
    public void ThrowIfAny(string source)
    {
        if (!Any)
            return;
        var text = new StringBuilder().Append(source).Append(_errors.Count == 1 ? " has an error:" : $" has {_errors.Count} errors:");
        foreach (var (path, message) in _errors)
            text.AppendLine().Append("  ").Append(path).Append(": ").Append(message);
        throw new ConfigurationException(text.ToString()) { Errors = _errors };
    }
}
