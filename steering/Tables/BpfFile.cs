using System.Runtime.InteropServices;
using System.Text;
using Everyport.Steering.Kernel;

namespace Everyport.Steering.Tables;

/// <summary>The compiled BPF programs that are part of this assembly, and how the kernel is given one.</summary>
internal static unsafe class BpfFile
{
    private const int VerifierLogSize = 1 << 20;

    public static BpfObjectHandle Open(string resourceName)
    {
        Libbpf.SetPrint(0);
        using var resource = typeof(BpfFile).Assembly.GetManifestResourceStream(resourceName)!;
        var elf = new byte[resource.Length];
        resource.ReadExactly(elf);

        fixed (byte* bytes = elf, name = "everyport\0"u8)
        {
            var options = new Libbpf.OpenOptions { Size = (nuint)sizeof(Libbpf.OpenOptions), ObjectName = name };
            var handle = Libbpf.ObjectOpen(bytes, (nuint)elf.Length, &options);
            return handle.IsInvalid ? throw KernelError.Last("read the BPF program") : handle;
        }
    }

    public static nint FindMap(BpfObjectHandle handle, string name)
    {
        var map = Libbpf.FindMap(handle, name);
        return map != 0 ? map : throw KernelError.Last($"find the map '{name}' in the BPF program");
    }

    /// <summary>Has the kernel check and take a program. Where it refuses, the error says why.</summary>
    public static void Load(BpfObjectHandle handle, string program)
    {
        var log = (byte*)NativeMemory.AllocZeroed(VerifierLogSize);
        try
        {
            Libbpf.ProgramSetLog(Libbpf.FindProgram(handle, program), log, VerifierLogSize);
            if (Libbpf.ObjectLoad(handle) == 0)
                return;
            var error = Marshal.GetLastPInvokeError();
            var text = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(log)).TrimEnd();
            var cause = KernelError.From("load the BPF program", error);
            throw text.Length == 0 ? cause : new SteeringException($"{cause.Message} The verifier: {LastLine(text)}.", cause) { VerifierLog = text };
        }
        finally
        {
            NativeMemory.Free(log);
        }
    }

    public static int ProgramFd(BpfObjectHandle handle, string program) => Libbpf.ProgramFd(Libbpf.FindProgram(handle, program));

    public static void Check(int result, string doing)
    {
        if (result < 0)
            throw KernelError.Last(doing);
    }

    /// <summary>The line before the verifier's statistics is the one that says what is wrong.</summary>
    private static string LastLine(string log) =>
        log.Split('\n').LastOrDefault(line => !line.StartsWith("processed ", StringComparison.Ordinal)) ?? log;
}
