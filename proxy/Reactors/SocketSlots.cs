namespace Everyport.Proxy.Reactors;

/// <summary>
/// The sockets of a reactor by the numbers that epoll knows them by. A number is never used twice, so that an event
/// of a socket that was closed a moment ago meets nobody.
/// </summary>
internal sealed class SocketSlots
{
    private (ReactorSocket? Socket, uint Generation)[] _slots = new (ReactorSocket?, uint)[64];
    private readonly Stack<int> _free = [];
    private int _used;

    /// <summary>Gives a socket its number.</summary>
    public ulong Add(ReactorSocket socket)
    {
        if (!_free.TryPop(out var slot))
        {
            if (_used == _slots.Length)
                Array.Resize(ref _slots, _slots.Length * 2);
            slot = _used++;
        }
        _slots[slot].Socket = socket;
        socket.Slot = slot;
        return (ulong)_slots[slot].Generation << 32 | (uint)slot;
    }

    public ReactorSocket? Find(ulong id)
    {
        ref var slot = ref _slots[(int)(uint)id];
        return slot.Generation == (uint)(id >> 32) ? slot.Socket : null;
    }

    public void Remove(ReactorSocket socket)
    {
        if (socket.Slot < 0)
            return;
        ref var slot = ref _slots[socket.Slot];
        slot.Socket = null;
        slot.Generation = slot.Generation + 1 & uint.MaxValue >> 1; // the numbers on top are the reactor's own
        _free.Push(socket.Slot);
        socket.Slot = -1;
    }

    public IReadOnlyList<ReactorSocket> All() => [.. _slots.Select(slot => slot.Socket).OfType<ReactorSocket>()];
}
