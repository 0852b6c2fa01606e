namespace Everyport.Proxy.Flows;

/// <summary>What went in one direction.</summary>
internal struct FlowCount
{
    public long Datagrams { get; private set; }

    public long Bytes { get; private set; }

    public void Add(int datagrams, int bytes)
    {
        Datagrams += datagrams;
        Bytes += bytes;
    }
}
