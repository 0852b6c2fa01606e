using Everyport.Proxy.Kernel;
using Everyport.Proxy.Logs.Sinks;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>Files of a log, and what others do to them.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => System.IO.Path.Combine(_directory.Path, "access.log");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Constants_are_those_of_the_headers() => new CHeaders("fcntl.h", "sys/stat.h").Constants(typeof(AppendedFile), new Dictionary<string, string>
    {
        ["WriteOnly"] = "O_WRONLY",
        ["Append"] = "O_APPEND",
        ["Create"] = "O_CREAT",
        ["OwnerAndGroup"] = "S_IRUSR | S_IWUSR | S_IRGRP",
    }).Verify();

    [Fact]
    public void What_is_there_stays()
    {
        File.WriteAllText(Path, "before\n");
        using var file = new LogFile(Path);
        file.Write("after\n"u8);
        Assert.Equal("before\nafter\n", File.ReadAllText(Path));
    }

    [Fact]
    public void When_it_has_been_moved_a_new_one_is_begun()
    {
        using var file = new LogFile(Path);
        file.Write("old\n"u8);
        File.Move(Path, Path + ".1");
        file.Write("new\n"u8);
        Assert.Equal("old\n", File.ReadAllText(Path + ".1"));
        Assert.Equal("new\n", File.ReadAllText(Path));
    }

    [Fact]
    public void When_it_has_been_emptied_it_begins_at_its_start_again()
    {
        using var file = new LogFile(Path);
        file.Write("a long line\n"u8);
        File.WriteAllBytes(Path, []);
        file.Write("new\n"u8);
        Assert.Equal("new\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Two_processes_can_write_the_same_one()
    {
        using var one = new LogFile(Path);
        using var other = new LogFile(Path);
        one.Write("1\n"u8);
        other.Write("2\n"u8);
        one.Write("3\n"u8);
        Assert.Equal("1\n2\n3\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Only_the_owner_and_the_group_may_read_it()
    {
        using var file = new LogFile(Path);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
    }

    [Fact]
    public void One_that_cannot_be_opened_says_why()
    {
        var path = System.IO.Path.Combine(_directory.Path, "missing", "access.log");
        Assert.Equal($"Cannot open '{path}': No such file or directory", Assert.Throws<IOException>(() => new LogFile(path)).Message);
    }
}
