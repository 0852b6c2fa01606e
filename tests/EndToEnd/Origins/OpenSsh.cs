namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>OpenSSH, with keys of its own: the server, which speaks first, and its client.</summary>
internal sealed class OpenSsh : IDisposable
{
    private readonly NetworkNamespace _namespace;
    private readonly TemporaryDirectory _keys = new();
    private readonly ServerProgram _server;

    public OpenSsh(NetworkNamespace @namespace, string address, int port)
    {
        _namespace = @namespace;
        var hostKey = NewKey("host");
        ClientKey = NewKey("client");
        // Where it changes its root before it knows who the client is (sshd(8)); a service manager would create it.
        Directory.CreateDirectory("/run/sshd");
        var directory = new TemporaryDirectory();
        var configuration = directory.Write("sshd_config",
            $"""
            ListenAddress {address}
            Port {port}
            HostKey {hostKey}
            AuthorizedKeysFile {ClientKey}.pub
            StrictModes no
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no
            PidFile none
            """);
        KnownHosts = _keys.Write("known_hosts", $"* {File.ReadAllText($"{hostKey}.pub")}");
        _server = ServerProgram.Start(@namespace, directory, port, "/usr/sbin/sshd", "-D", "-e", "-f", configuration);
    }

    private string ClientKey { get; }

    private string KnownHosts { get; }

    /// <summary>Logs in, runs a command with the given standard input, and returns its output.</summary>
    public string Run(string address, int port, string command, string? input = null)
    {
        var source = address.Contains(':', StringComparison.Ordinal) ? "::1" : "127.0.0.1";
        string[] options = ["BatchMode=yes", "StrictHostKeyChecking=yes", $"UserKnownHostsFile={KnownHosts}", "IdentitiesOnly=yes", $"BindAddress={source}"];
        string[] arguments = ["-F", "none", "-p", $"{port}", "-i", ClientKey, .. options.SelectMany(option => new[] { "-o", option }), $"root@{address}", command];
        var result = Command.Try("ip", ["netns", "exec", _namespace.Name, "ssh", .. arguments], input);
        Assert.True(result.ExitCode == 0, $"ssh ended with {result.ExitCode}: {result.Error}. sshd wrote: {_server.Output}");
        return result.Output;
    }

    public void Dispose()
    {
        _server.Dispose();
        _keys.Dispose();
    }

    private string NewKey(string name)
    {
        var path = Path.Combine(_keys.Path, name);
        Command.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path);
        return path;
    }
}
