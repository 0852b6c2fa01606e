using System.Collections.Immutable;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Sockets;

/// <summary>Numbers services. A number, once given, stays with its service across generations, and so do its slots.</summary>
internal sealed class ServiceDirectory
{
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>All services by name.</summary>
    public IReadOnlyDictionary<string, int> Numbers => _numbers;

    /// <summary>The number of a service, given now where it had none.</summary>
    public int NumberOf(string name)
    {
        if (_numbers.TryGetValue(name, out var number))
            return number;
        if (_numbers.Count == TableLayout.MaxServices)
            throw new SteeringException($"Cannot add the service '{name}': a namespace can have {TableLayout.MaxServices} services.");
        return _numbers[name] = _numbers.Count;
    }

    /// <summary>All services as they are now.</summary>
    public ImmutableDictionary<string, int> ToImmutable() => _numbers.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Takes the numbers that are in use where several processes share a steering.</summary>
    public void Adopt(IEnumerable<KeyValuePair<string, int>> numbers)
    {
        _numbers.Clear();
        foreach (var (name, number) in numbers)
            _numbers.Add(name, number);
    }
}
