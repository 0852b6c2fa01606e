using Everyport.Proxy.Routing;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>Reads version 1. Each field is judged as soon as it has arrived, so that nonsense does not wait for the end of the line.</summary>
internal static class TextHeaderReader
{
    public static ProxyHeader Read(ReadOnlySpan<byte> data)
    {
        var start = TextHeader.Start;
        if (data.Length <= start.Length)
            return start.StartsWith(data) ? ProxyHeader.NeedMore : ProxyHeader.Malformed(ProxyHeaderError.NotAHeader);
        if (!data.StartsWith(start))
            return ProxyHeader.Malformed(ProxyHeaderError.NotAHeader);

        var most = TextHeader.MaxLength - TextHeader.End.Length;
        var end = data[..Math.Min(data.Length, most + 1)].IndexOfAny(TextHeader.End);
        var closed = end >= 0;
        var fields = new TextFields(data[start.Length..(closed ? end : Math.Min(data.Length, most))], closed);
        var steered = ReadAddresses(ref fields);
        if (fields.Error != ProxyHeaderError.None)
            return ProxyHeader.Malformed(fields.Error);

        var whole = closed && end + 1 < data.Length;
        if ((closed ? data[end] != TextHeader.End[0] : data.Length > most) || (whole && data[end + 1] != TextHeader.End[1]))
            return ProxyHeader.Malformed(ProxyHeaderError.LineEnd);
        return whole ? ProxyHeader.Complete(end + TextHeader.End.Length, steered) : ProxyHeader.NeedMore;
    }

    private static Steered? ReadAddresses(ref TextFields fields)
    {
        var family = fields.Family();
        if (family == TextFamily.Unknown)
            return null; // whatever follows is to be ignored

        var isIPv6 = family == TextFamily.IPv6;
        var (client, original) = (fields.Address(isIPv6), fields.Address(isIPv6));
        var (clientPort, originalPort) = (fields.Port(), fields.LastPort());
        return new Steered(new Endpoint(client, clientPort), new Endpoint(original, originalPort));
    }
}
