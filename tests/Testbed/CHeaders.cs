using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Everyport.Testbed;

/// <summary>
/// Compares constants and structures of C# with what the C compiler makes of the headers: a program is generated
/// that prints the value of every C expression.
/// </summary>
public sealed class CHeaders(params string[] headers)
{
    private readonly List<(string Name, long Value, string Expression)> _pairs = [];
    private readonly List<string> _uncompared = [];

    /// <summary>Compares one number.</summary>
    public CHeaders Value(string name, long value, string expression)
    {
        _pairs.Add((name, value, expression));
        return this;
    }

    /// <summary>Compares the constants of a type, whatever their visibility. One without a C expression counts as a difference.</summary>
    public CHeaders Constants(Type type, IReadOnlyDictionary<string, string> expressions)
    {
        foreach (var constant in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static).Where(field => field.IsLiteral && field.FieldType != typeof(string)))
        {
            if (expressions.TryGetValue(constant.Name, out var expression))
                Value($"{type.Name}.{constant.Name}", Convert.ToInt64(constant.GetRawConstantValue(), CultureInfo.InvariantCulture), expression);
            else
                _uncompared.Add($"{type.Name}.{constant.Name} is compared with nothing: give its C expression");
        }
        return this;
    }

    /// <summary>
    /// Compares size, offsets and sizes of fields. With <paramref name="beginning"/>, C# may leave out the last
    /// fields of the C structure.
    /// </summary>
    public CHeaders Structure<T>(string cType, IReadOnlyDictionary<string, string> fields, bool beginning = false) where T : unmanaged
    {
        foreach (var field in typeof(T).GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
        {
            // The field behind a property is called <Name>k__BackingField.
            var name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
            if (!fields.TryGetValue(name, out var cField))
            {
                _uncompared.Add($"{typeof(T).Name}.{name} is compared with nothing: give its C field");
                continue;
            }
            Value($"offset of {typeof(T).Name}.{name}", Marshal.OffsetOf<T>(field.Name), $"offsetof({cType}, {cField})");
            Value($"size of {typeof(T).Name}.{name}", field.FieldType.IsPointer ? nint.Size : Marshal.SizeOf(field.FieldType), $"sizeof((({cType} *)0)->{cField})");
        }
        return beginning
            ? Value($"{typeof(T).Name} fits", 1, $"{Unsafe.SizeOf<T>()} <= sizeof({cType})")
            : Value($"size of {typeof(T).Name}", Unsafe.SizeOf<T>(), $"sizeof({cType})");
    }

    /// <summary>Compiles and runs the program; throws where there is any difference, and names them all.</summary>
    public void Verify()
    {
        string[] differences = [.. _uncompared, .. Compare()];
        if (differences.Length > 0)
            throw new InvalidOperationException($"C# and the C headers disagree:\n  {string.Join("\n  ", differences)}");
    }

    private IEnumerable<string> Compare()
    {
        using var directory = new TemporaryDirectory();
        var source = directory.Write("headers.c", Source());
        var program = Path.Combine(directory.Path, "headers");
        Command.Run("gcc", "-o", program, source);
        var values = Command.Run(program).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line, CultureInfo.InvariantCulture));
        return
            from pair in _pairs.Zip(values, (pair, value) => (pair.Name, pair.Value, pair.Expression, C: value)).ToArray()
            where pair.Value != pair.C
            select $"{pair.Name} is {pair.Value}, but {pair.Expression} is {pair.C}";
    }

    private string Source()
    {
        var source = new StringBuilder().AppendLine("#define _GNU_SOURCE");
        foreach (var header in (string[])["stddef.h", "stdio.h", .. headers])
            source.AppendLine(CultureInfo.InvariantCulture, $"#include {(Path.IsPathRooted(header) ? $"\"{header}\"" : $"<{header}>")}");
        source.AppendLine("int main(void) {");
        foreach (var (_, _, expression) in _pairs)
            source.AppendLine(CultureInfo.InvariantCulture, $"printf(\"%lld\\n\", (long long)({expression}));");
        return source.AppendLine("return 0; }").ToString();
    }
}
