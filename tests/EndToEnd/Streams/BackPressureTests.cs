using System.Net.Sockets;
using System.Security.Cryptography;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Streams;

/// <summary>Much data to a reader that is slow: it all arrives, and nobody holds it meanwhile.</summary>
public sealed class BackPressureTests : IDisposable
{
    private const int Total = 64 << 20, Piece = 64 << 10;
    private const int Seed = 4711;

    private readonly NetworkNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void A_reader_that_does_not_read_stops_the_sender_and_loses_nothing()
    {
        using var everyport = RunningEveryport.Start(_namespace, Configuration);
        var idle = ProcessFacts.Resident(everyport.Id);
        _namespace.Run(() =>
        {
            using var client = TcpClients.Connect("127.100.1.2", 31337);
            using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var sent = 0L;
            var sending = Task.Run(() =>
            {
                var random = new Random(Seed);
                var piece = new byte[Piece];
                while (sent < Total)
                {
                    random.NextBytes(piece);
                    piece[0] = 0; // neither HTTP nor TLS
                    expected.AppendData(piece);
                    for (var done = 0; done < piece.Length;)
                        done += client.Send(piece, done, piece.Length - done, SocketFlags.None);
                    Interlocked.Add(ref sent, piece.Length);
                }
                client.Shutdown(SocketShutdown.Send);
            });

            // Only the buffers of the kernel take anything as long as nobody reads.
            var stalled = WaitUntilStalled(() => Interlocked.Read(ref sent));
            Assert.InRange(stalled, 1, Total - 1);
            var held = ProcessFacts.Resident(everyport.Id) - idle;
            Assert.True(held < Total / 2, $"the proxy holds {held} bytes more than when idle");

            using var actual = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Assert.Equal(Total, ReadSlowly(client, actual));
            Assert.True(sending.Wait(TimeSpan.FromSeconds(60)));
            Assert.Equal(expected.GetHashAndReset(), actual.GetHashAndReset());
        });
    }

    private static long ReadSlowly(Socket client, IncrementalHash hash)
    {
        var buffer = new byte[Piece];
        var received = 0L;
        while (client.Receive(buffer) is > 0 and var length)
        {
            hash.AppendData(buffer, 0, length);
            // A pause at every second mebibyte.
            if (received >> 21 != (received + length) >> 21)
                Thread.Sleep(20);
            received += length;
        }
        return received;
    }

    private static long WaitUntilStalled(Func<long> progress)
    {
        for (var (last, unchanged) = (0L, 0); ; Thread.Sleep(100))
        {
            var now = progress();
            unchanged = now == last && now > 0 ? unchanged + 1 : 0;
            if (unchanged == 10 || now == Total)
                return now;
            last = now;
        }
    }

    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
          "ReverseProxy": { "Clusters": { "echo": { "Destinations": { "built-in": { "Address": "tcp://127.0.0.1:9466" } } } } },
          "Streams": { "rest": { "ClusterId": "echo" } },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
