using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Tls;

/// <summary>Certificates that change while the proxy runs, and sessions that outlive that.</summary>
public sealed class ResumptionTests : IDisposable
{
    private readonly ReloadScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void Certificates_are_taken_up_however_their_files_change_and_sessions_of_others_resume()
    {
        AssertResumes("kept.example.com");
        foreach (var replace in (Action<string>[])[WriteInPlace, RenameOver, DeleteAndWrite, SwapLink])
        {
            var (oldSession, session) = (_scene.NewSession("changing.example.com", "-tls1_3"), _scene.NewSession("kept.example.com", "-tls1_3"));
            replace(_scene.Path);
            Eventually.Holds(() => _scene.Serial("changing.example.com") == _scene.Expected, () => $"The new certificate was not taken up. {_scene.Everyport.Output}");
            Assert.Contains("Reused, ", _scene.Resume("kept.example.com", "-tls1_3", session), StringComparison.Ordinal);
            // The keys of the old certificate are gone with it: a full handshake, and no failure.
            Assert.Contains("New, ", _scene.Resume("changing.example.com", "-tls1_3", oldSession), StringComparison.Ordinal);
        }
        AssertResumes("changing.example.com");
    }

    [KernelFact]
    public void A_bad_file_keeps_the_old_certificate_and_connections_live_on()
    {
        using var connection = _scene.Connect("changing.example.com");
        Assert.StartsWith("HTTP/1.1 200", connection.Get("/1"), StringComparison.Ordinal);
        var serial = _scene.Serial("changing.example.com");

        File.WriteAllText(_scene.Path, "-----BEGIN CERTIFICATE-----\nnot one\n");
        _scene.Everyport.AssertTells("The files of the certificate 'changing' have changed and cannot be used; the old one stays in use", _scene.Path);
        Assert.Equal(serial, _scene.Serial("changing.example.com"));

        WriteInPlace(_scene.Path);
        _scene.Everyport.AssertTells("Took up the new certificate 'changing'");
        Assert.Equal(_scene.Expected, _scene.Serial("changing.example.com"));
        Assert.StartsWith("HTTP/1.1 200", connection.Get("/2"), StringComparison.Ordinal);
    }

    private void WriteInPlace(string path) => _scene.Issue(path);

    private void RenameOver(string path)
    {
        _scene.Issue($"{path}.new");
        File.Move($"{path}.new", path, overwrite: true);
    }

    private void DeleteAndWrite(string path)
    {
        File.Delete(path);
        _scene.Issue(path);
    }

    /// <summary>As Kubernetes changes a volume: a link to a link to a directory, of which the second is replaced.</summary>
    private void SwapLink(string path)
    {
        var (directory, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        var data = Path.Combine(directory, "..data");
        foreach (var version in (string[])["1", "2"])
        {
            Directory.CreateDirectory(Path.Combine(directory, version));
            _scene.Issue(Path.Combine(directory, version, name));
            File.CreateSymbolicLink($"{data}_new", version);
            Command.Run("mv", "-T", $"{data}_new", data);
            File.Delete(path);
            File.CreateSymbolicLink(path, $"..data/{name}");
            if (version == "1")
                Eventually.Holds(() => _scene.Serial("changing.example.com") == _scene.Expected, "The certificate behind the first link was not taken up");
        }
    }

    private void AssertResumes(string name)
    {
        foreach (var version in (string[])["-tls1_2", "-tls1_3"])
            Assert.Contains("Reused, ", _scene.Resume(name, version, _scene.NewSession(name, version)), StringComparison.Ordinal);
    }

    /// <summary>A request over OpenSSL's client, which tells of its session. The answer closes the connection.</summary>
    internal static string Ask(Scene scene, string name, params string[] options)
    {
        string[] command = ["netns", "exec", scene.Namespace.Name, "openssl", "s_client", "-connect", $"{TlsScene.Address}:443", "-servername", name, "-ign_eof", .. options];
        var result = Command.Try("ip", command, $"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n");
        return result.Output + result.Error;
    }
}
