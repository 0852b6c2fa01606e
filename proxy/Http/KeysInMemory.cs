using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Everyport.Proxy.Http;

/// <summary>
/// Keeps the keys that encrypt affinity cookies in memory. By default they would be written to the operator's home
/// directory, unencrypted.
/// </summary>
internal sealed class KeysInMemory : IXmlRepository
{
    private readonly List<XElement> _keys = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_keys)
            return [.. _keys];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_keys)
            _keys.Add(element);
    }
}
