using Xunit;

namespace Everyport.Testbed;

/// <summary>A test that needs root and a kernel with sk_lookup. Skipped without root, except under CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute() => Skip = Privileges.SkipReason;
}

/// <summary>As <see cref="KernelFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute() => Skip = Privileges.SkipReason;
}

internal static class Privileges
{
    public static string? SkipReason =>
        Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? null : "needs root";
}
