using System.Globalization;

namespace Everyport.Steering.Registration;

/// <summary>
/// Where it says which process serves: a number, a PID file, or a control group, be it that of a systemd unit. It can be asked
/// again and again: what it says changes when the process is started anew.
/// </summary>
public abstract class ProcessSource : IDisposable
{
    private const string Unit = "unit:", ControlGroup = "cgroup:";

    private protected ProcessSource(string text) => Text = text;

    /// <summary>As it was written.</summary>
    private protected string Text { get; }

    /// <summary>Whether it goes on to be right when its process is started anew.</summary>
    public abstract bool OutlivesItsProcess { get; }

    /// <summary>Reads <c>4711</c>, <c>/run/nginx.pid</c>, <c>unit:nginx.service</c> or <c>cgroup:/sys/fs/cgroup/web</c>.</summary>
    /// <exception cref="FormatException">It cannot be any of these; the message says why.</exception>
    public static ProcessSource Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && process > 0)
            return new SingleProcess(text, process);
        if (text.StartsWith(Unit, StringComparison.Ordinal))
            return new ControlGroupSource(text, new UnitDirectory(UnitOf(text), UnitDirectory.Hierarchies));
        return text.StartsWith(ControlGroup, StringComparison.Ordinal)
            ? new ControlGroupSource(text, new FixedDirectory(GroupOf(text)))
            : new PidFile(text);
    }

    /// <summary>A name that is a path would lead to processes of others, and an empty one to all.</summary>
    private static string UnitOf(string text) => text[Unit.Length..] is var name && name is not ("" or "." or "..") && !name.Contains('/', StringComparison.Ordinal)
        ? name
        : throw new FormatException($"'{text}' does not name a unit; expected its name alone, such as 'unit:nginx.service'.");

    private static string GroupOf(string text) => text[ControlGroup.Length..] is var path && Path.IsPathRooted(path)
        ? path
        : throw new FormatException($"'{text}' does not name a control group; expected its directory, such as 'cgroup:/sys/fs/cgroup/system.slice/nginx.service'.");

    /// <summary>The processes that it names now, without those that they have started; whether they live is not asked.</summary>
    internal abstract IReadOnlyList<int> Processes();

    /// <summary>A number that is cheap to get, and is another one when other processes serve.</summary>
    internal abstract int Stamp();

    /// <summary>A sentence about why it names no process, with what to do.</summary>
    internal abstract string WhyNone();

    /// <summary>Lets go of the process.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>As it was written.</summary>
    public override string ToString() => Text;
}
