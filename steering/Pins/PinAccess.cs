using System.Globalization;
using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Pins;

/// <summary>
/// What a group may do with a pinned steering. The directory tells it, so that whoever pins something there keeps to it: members
/// who may search it read the state and the counters; those who may list it may lock it, and put sockets into slots.
/// Neither may touch the link: who can open it can detach the program.
/// </summary>
internal readonly record struct PinAccess(uint Group, bool Reads, bool Registers)
{
    private const uint UserAll = 0b111_000_000, UserReadsAndWrites = 0b110_000_000, GroupReads = 0b100_000, GroupWrites = 0b010_000, GroupSearches = 0b001_000, OthersSearch = 0b001, All = 0b111_111_111;

    /// <summary>Who is not named stays as he is; see chown(2).</summary>
    private const uint Nobody = uint.MaxValue;

    /// <summary>The group of that name or number.</summary>
    public static unsafe PinAccess To(string group, bool registers)
    {
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != Nobody)
            return new PinAccess(number, true, registers);
        var record = Libc.FindGroup(group);
        return record != null
            ? new PinAccess(record->Number, true, registers)
            : throw new SteeringException($"Cannot let the group '{group}' in: there is none of that name; 'getent group' lists them.");
    }

    /// <summary>What a directory says. Only what <see cref="GrantDirectory"/> writes lets a group in: other modes are what somebody's umask has left.</summary>
    public static PinAccess Of(string directory)
    {
        var status = Look(directory);
        var registers = (status.Mode & All) == ModeFor(registers: true);
        return new PinAccess(status.Group, registers || (status.Mode & All) == ModeFor(registers: false), registers);
    }

    /// <summary>Whether members may pass through a directory.</summary>
    public bool Reaches(string directory)
    {
        var status = Look(directory);
        return (status.Mode & (status.Group == Group ? GroupSearches : OthersSearch)) != 0;
    }

    /// <summary>Whether that has changed anything.</summary>
    public bool GrantDirectory(string path) => Grant(path, ModeFor(Registers));

    /// <summary>Whether that has changed anything.</summary>
    public bool Grant(string path, string name)
    {
        if (!Reads || name.StartsWith(PinStore.Link, StringComparison.Ordinal))
            return false;
        var isOfSockets = name.StartsWith(SharedMaps.SocketsName, StringComparison.Ordinal);
        return Grant(path, UserReadsAndWrites | GroupReads | (Registers && isOfSockets ? GroupWrites : 0));
    }

    private static uint ModeFor(bool registers) => UserAll | GroupSearches | (registers ? GroupReads : 0);

    private static unsafe Libc.FileStatus Look(string directory)
    {
        Libc.FileStatus status;
        return Libc.Stat(Libc.AtWorkingDirectory, directory, 0, Libc.ModeAndGroup, &status) == 0
            ? status
            : throw KernelError.Last($"look at '{directory}' (PinPath)");
    }

    /// <summary>What is right already takes no capability.</summary>
    private bool Grant(string path, uint mode)
    {
        var status = Look(path);
        var (isGroups, hasMode) = (status.Group == Group, (status.Mode & All) == mode);
        if ((!isGroups && Libc.ChangeOwner(path, Nobody, Group) < 0) || (!hasMode && Libc.ChangeMode(path, mode) < 0))
        {
            var error = Marshal.GetLastPInvokeErrorMessage();
            throw new SteeringException($"Cannot give '{path}' to the group {Group}: the kernel said '{error}'. Its owner can who is in that group, or has CAP_CHOWN.");
        }
        return !isGroups || !hasMode;
    }
}
