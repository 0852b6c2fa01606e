namespace Everyport.Origin;

/// <summary>What the origin has noticed, for the test to read: lines on standard output.</summary>
internal static class Note
{
    public static void Write(string what, string name) => Console.Out.WriteLine($"{what} {name}");
}
