namespace Everyport.Steering.Registration;

/// <summary>A process by its number.</summary>
internal sealed class SingleProcess(string text, int process) : ProcessSource(text)
{
    public override bool OutlivesItsProcess => false;

    internal override IReadOnlyList<int> Processes() => [process];

    internal override int Stamp() => process;

    internal override string WhyNone() => $"There is no process {process}: it has ended, or never was.";
}
