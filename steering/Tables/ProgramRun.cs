using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tables;

/// <summary>
/// Runs an sk_lookup program in the kernel without any traffic (BPF_PROG_TEST_RUN): the truth to compare a table
/// with, and the way to measure it.
/// </summary>
internal static unsafe class ProgramRun
{
    /// <summary><c>struct bpf_sk_lookup</c> as the kernel takes it here.</summary>
    private const int ContextSize = 72;

    private const int Family = 8, Protocol = 12, RemoteIPv4 = 16, RemoteIPv6 = 20, RemotePort = 36, LocalIPv4 = 40, LocalIPv6 = 44, LocalPort = 60;

    /// <summary>The verdict of the program: what it returned, and the cookie of the socket that it selected.</summary>
    public readonly record struct Result(bool Passed, ulong Cookie, uint Nanoseconds);

    /// <summary>Runs the program for one lookup, as often as told; the time is the mean of one run.</summary>
    public static Result Run(int program, bool udp, Address destination, ushort port, Address? source = null, int repeat = 1)
    {
        var context = stackalloc byte[ContextSize];
        Fill(new Span<byte>(context, ContextSize), udp, destination, port, source ?? destination);

        var options = new Libbpf.TestRunOptions
        {
            Size = (nuint)sizeof(Libbpf.TestRunOptions),
            ContextIn = context,
            ContextSizeIn = ContextSize,
            ContextOut = context,
            ContextSizeOut = ContextSize,
            Repeat = repeat,
        };
        if (Libbpf.TestRun(program, &options) < 0)
            throw KernelError.Last("run the BPF program");
        return new Result(options.ReturnValue == 1, *(ulong*)context, options.Duration);
    }

    /// <summary>Runs the program for IPv4 addresses as they are in memory, which may be any two numbers. Whether it returned SK_PASS.</summary>
    public static bool Run(int program, uint remote, uint local)
    {
        var context = stackalloc byte[ContextSize];
        var fields = new Span<byte>(context, ContextSize);
        fields.Clear();
        BitConverter.TryWriteBytes(fields[Family..], Libc.AfInet);
        BitConverter.TryWriteBytes(fields[Protocol..], 6);
        BitConverter.TryWriteBytes(fields[RemoteIPv4..], remote);
        BitConverter.TryWriteBytes(fields[LocalIPv4..], local);
        var options = new Libbpf.TestRunOptions { Size = (nuint)sizeof(Libbpf.TestRunOptions), ContextIn = context, ContextSizeIn = ContextSize };
        return Libbpf.TestRun(program, &options) < 0 ? throw KernelError.Last("run the BPF program") : options.ReturnValue == 1;
    }

    private static void Fill(Span<byte> context, bool udp, Address destination, ushort port, Address source)
    {
        context.Clear();
        BitConverter.TryWriteBytes(context[Family..], destination.IsIPv6 ? Libc.AfInet6 : Libc.AfInet);
        BitConverter.TryWriteBytes(context[Protocol..], udp ? 17 : 6);
        source.WriteBytes(context[(source.IsIPv6 ? RemoteIPv6 : RemoteIPv4)..]);
        context[RemotePort] = 0xC0;
        destination.WriteBytes(context[(destination.IsIPv6 ? LocalIPv6 : LocalIPv4)..]);
        BitConverter.TryWriteBytes(context[LocalPort..], (uint)port);
    }
}
