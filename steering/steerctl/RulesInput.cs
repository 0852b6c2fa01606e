using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli;

/// <summary>Reads the rules that a command line names.</summary>
internal static class RulesInput
{
    private const string StandardInput = "-";

    /// <summary>The rules of a file, or of standard input.</summary>
    /// <exception cref="BadInputException">It cannot be read, or has errors: all of them.</exception>
    public static Ruleset Read(string path, Surroundings outside)
    {
        var json = ReadBytes(path, outside);
        return RulesFile.TryParse(json, out var ruleset, out var errors)
            ? ruleset
            : throw new BadInputException($"'{path}' cannot be used:\n  {string.Join("\n  ", errors)}");
    }

    /// <summary>The bytes of a file, or of standard input.</summary>
    public static byte[] ReadBytes(string path, Surroundings outside)
    {
        try
        {
            if (path != StandardInput)
                return File.ReadAllBytes(path);
            using var input = outside.OpenInput();
            using var bytes = new MemoryStream();
            input.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"The file '{path}' does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"Cannot read the file '{path}': {e.Message}", e);
        }
    }
}
