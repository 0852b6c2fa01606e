using System.Text.Json.Nodes;

namespace Everyport.Proxy.Configuration.Schema;

/// <summary>What readers expect at one key: a value, a list, a section, or a section whose keys are names.</summary>
internal sealed class KeyShape
{
    private readonly SortedDictionary<string, SectionShape> _entries = new(StringComparer.Ordinal);
    private bool _isAccepted, _hasNoDefault;

    /// <summary>The form of the value, or of the items of the list; null where it is none.</summary>
    public ValueForm? Form { get; private set; }

    public bool IsList { get; private set; }

    /// <summary>What counts where the key is not there.</summary>
    public JsonNode? Default { get; private set; }

    public bool IsRequired { get; private set; }

    /// <summary>The section, or where <see cref="IsList"/> holds the items of the list.</summary>
    public SectionShape? Section { get; private set; }

    /// <summary>The entries of a section whose keys are names, by their kind.</summary>
    public IReadOnlyDictionary<string, SectionShape> Entries => _entries;

    /// <summary>Whether anything reads it: a key that is only looked for is one that must not be there.</summary>
    public bool IsKnown => Form is not null || Section is not null || _entries.Count > 0 || _isAccepted;

    /// <summary>Takes down the form of a value. The first that says more than that it is text stays.</summary>
    public void Expect(ValueForm form, JsonNode? fallback = null, bool isList = false)
    {
        Form = Form is null || Form == ValueForm.Text ? form : Form;
        IsList |= isList;
        if (!_hasNoDefault)
            Default ??= fallback;
    }

    public void Require() => IsRequired = true;

    /// <summary>Where a reader asks first whether the key is there, what it falls back to is no default.</summary>
    public void AskWhetherThere() => _hasNoDefault = true;

    /// <summary>Something else reads it, whatever it is.</summary>
    public void Accept() => _isAccepted = true;

    public SectionShape AsSection() => Section ??= new SectionShape();

    public SectionShape AsListOfSections()
    {
        IsList = true;
        return AsSection();
    }

    public SectionShape EntryOf(string kind)
    {
        if (!_entries.TryGetValue(kind, out var entry))
            _entries[kind] = entry = new SectionShape();
        return entry;
    }
}
