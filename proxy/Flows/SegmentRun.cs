namespace Everyport.Proxy.Flows;

/// <summary>
/// Datagrams that go to the kernel as one message, which it cuts into pieces of one size (UDP_SEGMENT; Linux, "Segmentation
/// offloads"): only the last piece may be shorter.
/// </summary>
internal struct SegmentRun
{
    /// <summary>UDP_MAX_SEGMENTS of the oldest kernels that segment.</summary>
    public const int MaxPieces = 64;

    /// <summary>What fits into an IP packet of either family, with its headers.</summary>
    public const int MaxBytes = 65_487;

    /// <summary>Pieces that fit into a packet of Ethernet, over IPv6 too. Larger ones may need fragments, which the kernel does not make of pieces.</summary>
    public const int MaxPiece = 1452;

    private SegmentRun(int piece, int bytes) => (Piece, Bytes) = (piece, bytes);

    /// <summary>The size of all pieces but the last.</summary>
    public int Piece { get; }

    public int Bytes { get; private set; }

    /// <summary>How many datagrams will leave.</summary>
    public readonly int Pieces => Bytes <= Piece ? 1 : (Bytes + Piece - 1) / Piece;

    /// <summary>A run of what was received at one place: one datagram, or several of which each but the last has <paramref name="segment"/> bytes.</summary>
    public static SegmentRun Of(int length, int segment) => new(PieceOf(length, segment), length);

    /// <summary>Adds what was received at the next place; false where it does not fit, and another run has to begin.</summary>
    public bool TryAppend(int length, int segment)
    {
        var piece = PieceOf(length, segment);
        var fits = length > 0 && Bytes > 0 && Piece <= MaxPiece
            && Bytes % Piece == 0
            && (piece == Piece || piece < Piece && piece == length)
            && Bytes + length <= Math.Min(MaxBytes, Piece * MaxPieces);
        if (fits)
            Bytes += length;
        return fits;
    }

    private static int PieceOf(int length, int segment) => segment > 0 && segment < length ? segment : length;
}
