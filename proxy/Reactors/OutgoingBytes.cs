namespace Everyport.Proxy.Reactors;

/// <summary>What is still to be sent of a write: pieces of memory, one after the other.</summary>
internal sealed class OutgoingBytes
{
    private ReadOnlyMemory<byte>[] _pieces = new ReadOnlyMemory<byte>[2];
    private int _first, _end;

    public bool IsEmpty => _first == _end;

    /// <summary>None of them is empty.</summary>
    public ReadOnlySpan<ReadOnlyMemory<byte>> Pieces => _pieces.AsSpan(_first.._end);

    /// <summary>How many bytes there are.</summary>
    public long Length
    {
        get
        {
            long length = 0;
            foreach (var piece in Pieces)
                length += piece.Length;
            return length;
        }
    }

    public void Add(ReadOnlyMemory<byte> piece)
    {
        if (piece.IsEmpty)
            return;
        if (_end == _pieces.Length)
            Array.Resize(ref _pieces, _pieces.Length * 2);
        _pieces[_end++] = piece;
    }

    /// <summary>Takes off what has been sent.</summary>
    public void Advance(int sent)
    {
        while (_first < _end && sent >= _pieces[_first].Length)
        {
            sent -= _pieces[_first].Length;
            _pieces[_first++] = default;
        }
        if (sent > 0)
            _pieces[_first] = _pieces[_first][sent..];
        if (IsEmpty)
            _first = _end = 0;
    }

    public void Clear()
    {
        Array.Clear(_pieces, _first, _end - _first);
        _first = _end = 0;
    }
}
