using System.Globalization;
using Everyport.Proxy.Configuration.Schema;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Reads one section of the configuration. It notes which keys it was asked for, so that every other key can be
/// reported as unknown.
/// </summary>
/// <param name="section">What is read.</param>
/// <param name="path">Where it is, for messages.</param>
/// <param name="errors">Takes what is wrong.</param>
/// <param name="shape">
/// Takes down what is asked for, for the JSON schema. Each key then counts as there, and each section of names as having an entry, so
/// that readers ask for all that they know.
/// </param>
internal sealed class SectionReader(KeyNode section, string path, ConfigurationErrors errors, SectionShape? shape = null)
{
    /// <summary>Timers take no more than some weeks, and would throw at every use; no timeout of a proxy makes sense beyond a day.</summary>
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    // There are tens of thousands of sections, and few keys that a reader asks one for.
    private readonly List<string> _known = [];

    /// <summary>Parses a value, or says what is wrong with it.</summary>
    public delegate bool Parser<T>(string text, out T value, out string? error);

    /// <summary>The last part of the path: the name of a rule, route or stream.</summary>
    public string Name => path[(path.LastIndexOf(':') + 1)..];

    public void Error(string key, string message) => errors.Add(PathOf(key), message);

    /// <summary>A single value; <paramref name="form"/> is what it stands for, where others parse it.</summary>
    public string? Text(string key, ValueForm? form = null)
    {
        shape?[key].Expect(form ?? ValueForm.Text);
        if (!IsPresent(key))
            return null;
        var child = section.Section(key);
        if (child.Value is null && child.Children.Count > 0)
            Error(key, "is a section; expected a single value");
        return child.Value;
    }

    public string RequiredText(string key, string expected, ValueForm? form = null)
    {
        shape?[key].Require();
        var text = Text(key, form);
        if (string.IsNullOrWhiteSpace(text))
            Error(key, $"is missing; expected {expected}");
        return text ?? "";
    }

    /// <summary>Reports where a key is missing.</summary>
    public void Require(string key, string expected)
    {
        shape?[key].Require();
        if (!IsPresent(key))
            Error(key, $"is missing; expected {expected}");
    }

    /// <summary>A list; a single value counts as a list of one. <paramref name="form"/> is what an item stands for, where others parse it.</summary>
    public IReadOnlyList<string> List(string key, ValueForm? form = null, bool isRequired = false)
    {
        shape?[key].Expect(form ?? ValueForm.Text, isList: true);
        if (isRequired)
            shape?[key].Require();
        if (!IsPresent(key))
            return [];
        var child = section.Section(key);
        if (child.Value is { Length: > 0 } single)
            return [single];

        var values = new List<string>();
        foreach (var item in child.Children)
        {
            if (item.Value is { } value)
                values.Add(value);
            else
                errors.Add($"{PathOf(key)}:{item.Key}", "is a section; expected a value");
        }
        return values;
    }

    public T Value<T>(string key, T fallback, Parser<T> parser)
    {
        if (shape is not null)
            Describe(key, ValueForm.Of(typeof(T)), fallback);
        if (Text(key) is not { } text)
            return fallback;
        if (parser(text, out var value, out var error))
            return value;
        Error(key, error!);
        return fallback;
    }

    /// <summary>Every item of a list, parsed; those that cannot be parsed are reported and left out.</summary>
    public IReadOnlyList<T> Values<T>(string key, Parser<T> parser)
    {
        var values = new List<T>();
        var list = List(key, ValueForm.Of(typeof(T)));
        for (var i = 0; i < list.Count; i++)
        {
            if (parser(list[i], out var value, out var error))
                values.Add(value);
            else
                Error(list.Count == 1 ? key : $"{key}:{i}", error!);
        }
        return values;
    }

    public int Number(string key, int fallback, int least, int most)
    {
        if (shape is not null)
            Describe(key, ValueForm.Number(least, most), fallback);
        return Value(key, fallback, (string text, out int value, out string? error) =>
        {
            var good = int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
            error = good ? null : $"'{text}' is not a number from {least} to {most}";
            return good;
        });
    }

    /// <summary>A number from 1, or null for <c>off</c>.</summary>
    public int? NumberOrOff(string key, int? fallback, int most)
    {
        if (shape is not null)
            Describe(key, ValueForm.Number(1, most).OrOff(), fallback);
        return Value(key, fallback, (string text, out int? value, out string? error) =>
        {
            (value, error) = (null, null);
            if (text.Equals("off", StringComparison.OrdinalIgnoreCase))
                return true;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
                value = number;
            else
                error = $"'{text}' is neither 'off' nor a number from 1 to {most}";
            return error is null;
        });
    }

    public bool Flag(string key, bool fallback) => Value(key, fallback, (string text, out bool value, out string? error) =>
    {
        var good = bool.TryParse(text, out value);
        error = good ? null : $"'{text}' is neither 'true' nor 'false'";
        return good;
    });

    public TimeSpan Duration(string key, TimeSpan fallback) => Value<TimeSpan>(key, fallback, ParseDuration);

    /// <summary>A time span, or null for <c>off</c>.</summary>
    public TimeSpan? DurationOrOff(string key, TimeSpan? fallback)
    {
        if (shape is not null)
            Describe(key, ValueForm.Of(typeof(TimeSpan)).OrOff(), fallback);
        return Value(key, fallback, (string text, out TimeSpan? value, out string? error) =>
        {
            (value, error) = (null, null);
            if (text.Equals("off", StringComparison.OrdinalIgnoreCase))
                return true;
            if (ParseDuration(text, out var duration, out error))
                value = duration;
            else
                error += ", or 'off'";
            return error is null;
        });
    }

    /// <summary>A share of something, or null for <c>off</c>.</summary>
    public double? ShareOrOff(string key, double? fallback)
    {
        if (shape is not null)
            Describe(key, ValueForm.Of(typeof(double)).OrOff(), fallback);
        return Value(key, fallback, (string text, out double? share, out string? error) =>
        {
            (share, error) = (null, null);
            if (text.Equals("off", StringComparison.OrdinalIgnoreCase))
                return true;
            if (ShareParser.TryParse(text, out var value, out error))
                share = value;
            else
                error += ", or 'off'";
            return error is null;
        });
    }

    public SectionReader Section(string key)
    {
        _known.Add(key);
        return Open(section.Section(key), PathOf(key), shape?[key].AsSection());
    }

    /// <summary>The entries of a section whose keys are names. Where they are of several kinds, <paramref name="kind"/> is the one that is read.</summary>
    public IEnumerable<SectionReader> Entries(string key, string kind = "")
    {
        _known.Add(key);
        Open(section.Section(key), PathOf(key), null);
        var (children, entry) = (section.Section(key).Children, shape?[key].EntryOf(kind));
        if (entry is not null && children.Count == 0)
            children = [section.Section(key).Section("any")];
        return children.Select(child => Open(child, $"{PathOf(key)}:{child.Key}", entry));
    }

    /// <summary>The values of a section whose keys are names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string key)
    {
        _known.Add(key);
        shape?[key].Accept();
        var entries = Open(section.Section(key), PathOf(key), null);
        return [.. section.Section(key).Children.Select(child => KeyValuePair.Create(child.Key, entries.Text(child.Key) ?? ""))];
    }

    /// <summary>Whether the key is there at all.</summary>
    public bool Has(string key)
    {
        shape?[key].AskWhetherThere();
        return IsPresent(key) || shape is not null;
    }

    /// <summary>Tells that something else reads this key.</summary>
    public void Accept(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _known.Add(key);
            shape?[key].Accept();
        }
    }

    /// <summary>Reports a key that others have and that has no meaning here.</summary>
    public void RejectPresent(string key, string message)
    {
        if (section.Child(key) is null)
            return;
        _known.Add(key);
        Error(key, message);
    }

    /// <summary>Reports every key that was not asked for; comes last.</summary>
    public void RejectUnknown()
    {
        shape?.Close();
        foreach (var child in section.Children)
        {
            if (!_known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                Error(child.Key, NearestKey.Unknown(child.Key, [.. _known.Distinct(StringComparer.OrdinalIgnoreCase)]));
        }
    }

    private static bool ParseDuration(string text, out TimeSpan value, out string? error)
    {
        // "5" would be five days.
        var good = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value)
            && text.Contains(':', StringComparison.Ordinal) && value > TimeSpan.Zero && value <= LongestDuration;
        error = good ? null : $"'{text}' is not a time span above zero and up to one day, such as '00:00:03'";
        return good;
    }

    private void Describe(string key, ValueForm form, object? fallback) => shape![key].Expect(form, form.DefaultOf(fallback));

    private bool IsPresent(string key)
    {
        _known.Add(key);
        return section.Child(key) is not null;
    }

    private SectionReader Open(KeyNode child, string childPath, SectionShape? childShape)
    {
        if (child.Value is { Length: > 0 } value)
            errors.Add(childPath, $"'{value}' is a single value; expected a section");
        return new SectionReader(child, childPath, errors, childShape);
    }

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}:{key}";
}
