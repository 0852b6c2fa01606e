namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>haproxy with the given listening sections.</summary>
internal static class HaProxy
{
    /// <summary>Starts it and waits for the last of its ports.</summary>
    public static ServerProgram Start(NetworkNamespace @namespace, int lastPort, string sections)
    {
        var directory = new TemporaryDirectory();
        var configuration = directory.Write("haproxy.cfg",
            $"""
            global
              maxconn 1000
            defaults
              timeout connect 60s
              timeout client 60s
              timeout server 60s
            {sections}

            """);
        return ServerProgram.Start(@namespace, directory, lastPort, "haproxy", "-db", "-f", configuration);
    }
}
