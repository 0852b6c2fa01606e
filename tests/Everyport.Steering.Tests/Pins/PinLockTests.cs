using Everyport.Steering.Kernel;
using Everyport.Steering.Pins;

namespace Everyport.Steering.Tests.Pins;

/// <summary>Those who change a pinned steering do so one after the other.</summary>
public sealed class PinLockTests : IDisposable
{
    private readonly PinPath _pins = new();

    public PinLockTests() => Directory.CreateDirectory(_pins.Path);

    public void Dispose() => _pins.Dispose();

    [KernelFact]
    public void Who_waits_for_too_long_is_told_for_whom()
    {
        using var held = PinLock.Take(_pins.Path, TimeSpan.FromSeconds(1));
        var error = Assert.Throws<SteeringException>(() => PinLock.Take(_pins.Path, TimeSpan.FromMilliseconds(50)));
        Assert.Contains($"the process {Environment.ProcessId} ('", error.Message, StringComparison.Ordinal);
        Assert.Contains("for 0.1 s", error.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task Who_waits_gets_it_when_it_is_free()
    {
        var held = PinLock.Take(_pins.Path, TimeSpan.FromSeconds(1));
        var next = Task.Run(() => PinLock.Take(_pins.Path, TimeSpan.FromMinutes(1)));
        held.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public void The_holder_is_found_among_all_locks_and_those_who_wait()
    {
        string[] locks =
        [
            "1: POSIX  ADVISORY  WRITE 11 00:1c:12345 0 EOF",
            "2: FLOCK  ADVISORY  WRITE 12 00:1c:12346 0 EOF",
            "2: -> FLOCK  ADVISORY  WRITE 13 00:1c:12345 0 EOF",
            "3: FLOCK  ADVISORY  WRITE 14 00:1c:12345 0 EOF",
        ];
        Assert.Equal(14, PinLock.HolderIn(locks, new FileIdentity(0, 0x1c, 12345)));
        Assert.Null(PinLock.HolderIn(locks[..3], new FileIdentity(0, 0x1c, 12345)));
        Assert.Null(PinLock.HolderIn(["1: FLOCK  ADVISORY  WRITE 0 00:1c:12345 0 EOF"], new FileIdentity(0, 0x1c, 12345)));
    }
}
