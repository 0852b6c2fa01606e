using Everyport.Proxy.Kernel;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>Every way in which files change.</summary>
public sealed class WatchedFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _path;
    private readonly WatchedFiles _files;

    public WatchedFilesTests()
    {
        _path = _directory.Write("file", "content");
        _files = new WatchedFiles(_path, Path.Combine(_directory.Path, "other"));
        LookTwice();
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_first_quiet_look_finds_a_change_as_files_may_have_changed_since_they_were_read()
    {
        var files = new WatchedFiles(_path);
        Assert.Equal((false, true, false), (files.HaveChanged(), files.HaveChanged(), files.HaveChanged()));
    }

    [Fact]
    public void Nothing_has_changed_where_nothing_has() => Assert.False(LookTwice());

    [Fact]
    public void A_file_that_is_written_in_place_has_changed_even_with_its_size_and_time_as_before()
    {
        var time = File.GetLastWriteTimeUtc(_path);
        Tick();
        _directory.Write("file", "CONTENT");
        File.SetLastWriteTimeUtc(_path, time);
        Assert.True(LookTwice());
    }

    [Fact]
    public void A_file_that_takes_the_place_of_another_has_changed()
    {
        File.Move(_directory.Write("new", "content"), _path, overwrite: true);
        Assert.True(LookTwice());
    }

    [Fact]
    public void A_file_that_is_deleted_and_made_anew_has_changed()
    {
        File.Delete(_path);
        Assert.False(_files.HaveChanged());
        Tick();
        _directory.Write("file", "content");
        Assert.True(LookTwice());
    }

    [Fact]
    public void A_file_behind_a_link_to_another_directory_has_changed()
    {
        // As Kubernetes does it: file -> ..data/file, and ..data -> a directory that is another one each time.
        foreach (var version in (string[])["1", "2"])
            Directory.CreateDirectory(Path.Combine(_directory.Path, version));
        _directory.Write("1/linked", "content");
        _directory.Write("2/linked", "content");
        var data = Path.Combine(_directory.Path, "..data");
        File.CreateSymbolicLink(data, "1");
        var link = Path.Combine(_directory.Path, "linked");
        File.CreateSymbolicLink(link, "..data/linked");
        var files = new WatchedFiles(link);
        Assert.False(files.HaveChanged());
        Assert.True(files.HaveChanged());

        File.CreateSymbolicLink(data + "_tmp", "2");
        Command.Run("mv", "-T", data + "_tmp", data);
        Assert.False(files.HaveChanged());
        Assert.True(files.HaveChanged());
        Assert.False(files.HaveChanged());
    }

    [Fact]
    public void A_change_that_is_not_over_is_waited_for()
    {
        for (var i = 0; i < 5; i++)
        {
            Tick();
            _directory.Write(i % 2 == 0 ? "file" : "other", $"content {i}");
            Assert.False(_files.HaveChanged());
        }
        Assert.True(_files.HaveChanged());
    }

    [Fact]
    public void The_kernel_is_asked_as_the_headers_say() =>
        new CHeaders("fcntl.h", "sys/stat.h")
            .Value("AT_FDCWD", FileStatus.AtWorkingDirectory, "AT_FDCWD")
            .Value("STATX_INO", FileStatus.InodeNumber, "STATX_INO")
            .Value("STATX_SIZE", FileStatus.Size, "STATX_SIZE")
            .Value("STATX_CTIME", FileStatus.ChangeTime, "STATX_CTIME")
            .Structure<FileStatus.Status>("struct statx", new Dictionary<string, string>
            {
                ["Inode"] = "stx_ino",
                ["Size"] = "stx_size",
                ["Changed"] = "stx_ctime",
                ["DeviceMajor"] = "stx_dev_major",
                ["DeviceMinor"] = "stx_dev_minor",
            })
            .Structure<FileStatus.Timestamp>("struct statx_timestamp", new Dictionary<string, string>
            {
                ["Seconds"] = "tv_sec",
                ["Nanoseconds"] = "tv_nsec",
            })
            .Verify();

    private bool LookTwice() => _files.HaveChanged() | _files.HaveChanged();

    /// <summary>Times of files have the grain of the kernel's clock, a hundredth of a second at worst.</summary>
    private static void Tick() => Thread.Sleep(20);
}
