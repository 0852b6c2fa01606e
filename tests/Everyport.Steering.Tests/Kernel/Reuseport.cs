using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>Reuseport groups with a selection of their own; see socket(7).</summary>
internal static unsafe partial class Reuseport
{
    private const int SolSocket = 1, SoReuseport = 15, SoAttachReuseportCbpf = 51, SoAttachReuseportEbpf = 52;
    private const uint ProgramTypeSkReuseport = 21;

    public static void Enable(Socket socket) => socket.SetRawSocketOption(SolSocket, SoReuseport, [1, 0, 0, 0]);

    /// <summary>Every lookup goes to the second member: a classic BPF program of one instruction, "ret 1".</summary>
    public static void SelectSecond(Socket member)
    {
        const ushort ReturnConstant = 0x06;
        var instruction = stackalloc byte[8];
        *(ushort*)instruction = ReturnConstant;
        *(uint*)(instruction + 4) = 1;

        // struct sock_fprog
        var program = stackalloc ulong[2];
        program[0] = 1;
        program[1] = (ulong)instruction;
        member.SetRawSocketOption(SolSocket, SoAttachReuseportCbpf, new ReadOnlySpan<byte>(program, 16));
    }

    /// <summary>Every lookup is refused: "r0 = SK_DROP; exit".</summary>
    public static void DropAll(Socket member)
    {
        ulong[] instructions = [0x00000000_000000b7, 0x00000000_00000095];
        int fd;
        fixed (ulong* code = instructions)
            fd = LoadProgram(ProgramTypeSkReuseport, "drop_all", "GPL", code, (nuint)instructions.Length, 0);
        Assert.True(fd >= 0, $"cannot load the sk_reuseport program: {fd}");
        member.SetRawSocketOption(SolSocket, SoAttachReuseportEbpf, BitConverter.GetBytes(fd));
    }

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_prog_load", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LoadProgram(uint type, string name, string license, ulong* instructions, nuint count, nint options);
}
