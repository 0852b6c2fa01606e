using System.Net.Sockets;
using System.Security.Cryptography;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Streams;

/// <summary>Far more data than anybody has memory for, to a server that is slow at first.</summary>
public sealed class GibibyteTests : IDisposable
{
    private const long Total = 1L << 30, SlowUntil = 16 << 20, MostMemory = 64 << 20;
    private const int Piece = 256 << 10;

    private readonly NetworkNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void A_gibibyte_arrives_as_it_was_sent_and_hardly_any_of_it_is_held()
    {
        var arrived = new TaskCompletionSource<byte[]>();
        using var origin = TcpServer.With(_namespace, "127.0.0.1", 7000, connection => arrived.SetResult(ReceiveSlowlyAtFirst(connection)));
        using var everyport = RunningEveryport.Start(_namespace,
            """
            {
              "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
              "ReverseProxy": { "Clusters": { "origin": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:7000" } } } } },
              "Streams": { "rest": { "ClusterId": "origin" } }
            }
            """);
        var before = ProcessFacts.Resident(everyport.Id);

        var sent = _namespace.Run(Send);
        Assert.True(arrived.Task.Wait(TimeSpan.FromSeconds(60)), "the end does not arrive");
        Assert.Equal(sent, arrived.Task.Result);
        var held = ProcessFacts.MostResident(everyport.Id) - before;
        Assert.True(held < MostMemory, $"the proxy has held up to {held} bytes more than when idle");
    }

    private static byte[] Send()
    {
        using var client = TcpClients.Connect("127.100.1.2", 31337);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Piece];
        for (var sent = 0L; sent < Total; sent += Piece)
        {
            Random.Shared.NextBytes(piece);
            hash.AppendData(piece);
            for (var done = 0; done < Piece;)
                done += client.Send(piece, done, Piece - done, SocketFlags.None);
        }
        client.Shutdown(SocketShutdown.Send);
        return hash.GetHashAndReset();
    }

    private static byte[] ReceiveSlowlyAtFirst(Socket connection)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Piece];
        for (var received = 0L; connection.Receive(piece) is > 0 and var length; received += length)
        {
            hash.AppendData(piece, 0, length);
            if (received < SlowUntil)
                Thread.Sleep(20);
        }
        return hash.GetHashAndReset();
    }
}
