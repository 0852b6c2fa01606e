using System.Text.Json;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Steerctl;

/// <summary>A namespace with a steering that the program has loaded from outside of it.</summary>
public sealed class SteerctlScene : Scene
{
    private readonly PinPath _pins;

    public SteerctlScene()
    {
        _pins = Own(new PinPath());
        Arrange(() => Run("load"));
    }

    /// <summary>Names the steering to a command line.</summary>
    public string[] Here => ["--netns", Namespace.Path, "--pin-path", _pins.Path];

    public string PinPath => _pins.Path;

    public string Run(params string[] arguments) => SteerctlProgram.Run([.. arguments, .. Here]);

    public Command.Result Try(params string[] arguments) => SteerctlProgram.Try([.. arguments, .. Here]);

    public JsonElement Status() => JsonElement.Parse(Run("status", "--json"));
}
