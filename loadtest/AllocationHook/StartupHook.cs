using System.Runtime.InteropServices;

/// <summary>
/// What <c>DOTNET_STARTUP_HOOKS</c> loads into a program that is measured, which itself is not changed: at each SIGUSR2,
/// it writes what the program has allocated until then, in bytes, and the number of its collections to the file that
/// <c>EVERYPORT_BENCH_ALLOCATIONS</c> names.
/// </summary>
internal static class StartupHook
{
    private const PosixSignal UserSignal2 = (PosixSignal)12; // SIGUSR2, which has no name in .NET
    private static PosixSignalRegistration? _registration;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("EVERYPORT_BENCH_ALLOCATIONS") is not { } file)
            return;
        _registration = PosixSignalRegistration.Create(UserSignal2, context =>
        {
            context.Cancel = true;
            Write(file);
        });
    }

    private static void Write(string file)
    {
        // Whoever waits for the file must not see half of it.
        File.WriteAllText(file + ".new", $"{GC.GetTotalAllocatedBytes(precise: true)} {GC.CollectionCount(0)} {GC.CollectionCount(2)}\n");
        File.Move(file + ".new", file, overwrite: true);
    }
}
