using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Admission;

/// <summary>A process that has no descriptor left: it sheds, and goes on.</summary>
public sealed class DescriptorTests : IDisposable
{
    /// <summary>It needs some 250 for itself; a stream takes two. The rest may be assemblies that were loaded meanwhile.</summary>
    private const int Limit = 400, Clients = 600, Rest = 20;

    private readonly AdmissionScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void It_sheds_recovers_and_neither_spins_nor_dies()
    {
        using var everyport = _scene.Start("", "prlimit", string.Create(CultureInfo.InvariantCulture, $"--nofile={Limit}:{Limit}"));
        var existing = _scene.Open(10);
        Assert.Equal(10, existing.Count);
        var before = ProcessFacts.Descriptors(everyport.Id);

        var crowd = _scene.Namespace.Run(() => Enumerable.Range(0, Clients).Select(_ => BeginToConnect()).ToArray());
        try
        {
            everyport.AssertTells("(Descriptors,", "no file descriptor is left");
            Assert.All(existing, client => Assert.True(AdmissionScene.IsServed(client)));
            Assert.InRange(ProcessFacts.Descriptors(everyport.Id), before + Rest + 1, Limit);
            ProcessFacts.AssertBecomesIdle(everyport.Id);
            Assert.All(existing, client => Assert.True(AdmissionScene.IsServed(client)));
        }
        finally
        {
            Array.ForEach(crowd, client => client.Dispose());
        }

        Eventually.Holds(() => ProcessFacts.Descriptors(everyport.Id) <= before + Rest, () => $"{ProcessFacts.Descriptors(everyport.Id)} descriptors are in use when the clients have left");
        var again = _scene.Open(50);
        Assert.Equal(50, again.Count);
        Assert.All([.. existing, .. again], client => Assert.True(AdmissionScene.IsServed(client)));
        existing.ForEach(client => client.Dispose());
        again.ForEach(client => client.Dispose());
        Assert.Equal(0, everyport.Stop());
    }

    /// <summary>Does not wait: where nobody accepts, the queue of the kernel is full at some time.</summary>
    private static Socket BeginToConnect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        try
        {
            socket.Connect(IPAddress.Parse(AdmissionScene.Address), AdmissionScene.Unlimited);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The kernel goes on with it.
        }
        return socket;
    }
}
