using Everyport.Steering.Kernel;
using Everyport.Steering.Pins;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Registration;

/// <summary>
/// The slots of a pinned steering, as somebody sees them who looks many times a second: a few system calls, and no lock. The
/// steering may come and go meanwhile.
/// </summary>
internal sealed class WatchedSlots(PinDirectory directory) : IDisposable
{
    private SafeFileHandle? _map;
    private uint _state;
    private IReadOnlyDictionary<string, int> _services = new Dictionary<string, int>();

    /// <summary>Which sockets map there is; null where nothing is loaded.</summary>
    public FileIdentity? Map { get; private set; }

    /// <summary>Looks again what is there.</summary>
    public void Refresh()
    {
        var map = directory.Identify(SharedMaps.SocketsName);
        if (map == Map)
            return;
        _map?.Dispose();
        _map = map is null ? null : directory.TryOpenToRead(SharedMaps.SocketsName);
        (Map, _state) = (_map is null ? null : map, 0);
    }

    /// <summary>The slots of a service that are filled; none where the service is not known.</summary>
    public SlotContent[] Read(string service)
    {
        if (_map is null || NumberOf(service) is not { } number)
            return [];
        var first = number * TableLayout.SlotsPerService;
        return [.. Enumerable.Range(first, TableLayout.SlotsPerService).Select(Read).Where(content => content.Cookie != 0)];
    }

    /// <summary>Whether these slots are still filled with the same sockets.</summary>
    public bool Hold(SlotContent[] seen)
    {
        foreach (var content in seen)
        {
            if (Read(content.Slot) != content)
                return false;
        }
        return true;
    }

    public void Dispose() => _map?.Dispose();

    private SlotContent Read(int slot) => new(slot, _map is null ? 0 : new SocketSlots(_map).CookiesIn(slot, 1).FirstOrDefault());

    /// <summary>Numbers stay as long as the map does, and services are added with another state.</summary>
    private int? NumberOf(string service)
    {
        if (_state != 0 && _services.TryGetValue(service, out var number))
            return number;
        using var text = directory.TryOpenToRead(PinStore.State);
        if (text is null || ObjectInfo.OfMap(text).Id is var id && id == _state)
            return null;
        _services = PinnedStateText.Read(PinnedText.Read(text), directory.Path).Services;
        _state = id;
        return _services.TryGetValue(service, out number) ? number : null;
    }
}
