namespace Everyport.Proxy.Http.Policies;

/// <summary>How many limits of a policy are in use. For any number of threads.</summary>
internal sealed class PartitionCount
{
    private int _value;

    public int Value => Volatile.Read(ref _value);

    public void Add(int change) => Interlocked.Add(ref _value, change);
}
