using System.Globalization;

namespace Everyport.EndToEnd.Tests.Policies;

/// <summary>What <c>curl -i</c> has printed; status 0 where there was no answer.</summary>
internal sealed record Answer(int Status, string Head, string Body)
{
    public static Answer Parse(string output)
    {
        var endOfHead = output.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (endOfHead < 0)
            return new Answer(0, "", output);
        var (head, body) = (output[..endOfHead], output[(endOfHead + 4)..]);
        // An answer to "Expect: 100-continue" goes before the one that counts.
        return head.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal) ? Parse(body)
            : new Answer(int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture), head, body);
    }

    /// <summary>The value of a header; empty where it is not there.</summary>
    public string Header(string name) =>
        Head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim() ?? "";
}
