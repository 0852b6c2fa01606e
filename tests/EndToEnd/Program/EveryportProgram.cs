using System.Text.Json;

namespace Everyport.EndToEnd.Tests.Program;

/// <summary>The published program.</summary>
internal static class EveryportProgram
{
    /// <summary>Where <c>make build</c> puts it.</summary>
    public static string Path
    {
        get
        {
            var path = Repository.PathOf("out", "everyport", "everyport");
            return File.Exists(path) ? path : throw new InvalidOperationException($"'{path}' does not exist: these tests run the published program; run 'make build' first.");
        }
    }

    /// <summary>Runs it in a namespace where it is expected to end by itself, within a minute.</summary>
    public static Command.Result Try(NetworkNamespace @namespace, string configuration, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        return @namespace.TryExec(Path, ["run", "--config", directory.Write("appsettings.json", configuration), .. arguments]);
    }

    /// <summary>The ids of the sk_lookup programs that are attached to a namespace.</summary>
    public static int[] AttachedTo(NetworkNamespace @namespace) => LinksOf(@namespace, "prog_id");

    /// <summary>Detaches them, as a person may do who does not know whose they are.</summary>
    public static void DetachFrom(NetworkNamespace @namespace)
    {
        foreach (var link in LinksOf(@namespace, "id"))
            Command.Run("bpftool", "link", "detach", "id", link.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static int[] LinksOf(NetworkNamespace @namespace, string property)
    {
        var inode = Command.Run("stat", "-L", "-c", "%i", @namespace.Path).Trim();
        using var links = JsonDocument.Parse(Command.Run("bpftool", "-j", "link", "show"));
        return
        [
            .. from link in links.RootElement.EnumerateArray()
               where link.TryGetProperty("netns_ino", out var owner) && owner.GetRawText() == inode
               select link.GetProperty(property).GetInt32(),
        ];
    }

    /// <summary>The routes in a namespace that carry a mark of steering: of one that ends with its process, or of one that is pinned.</summary>
    public static string RoutesIn(NetworkNamespace @namespace) => string.Concat(
        from family in (string[])["-4", "-6"]
        from mark in (string[])["197", "198"]
        select @namespace.Ip(family, "route", "show", "table", "local", "proto", mark));
}
