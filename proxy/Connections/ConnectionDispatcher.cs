using Everyport.Proxy.Admission;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Live;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Streams;
using Everyport.Proxy.Tls;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Connections;

/// <summary>
/// The way of a TCP connection after it has been accepted, on one reactor:
/// (1) identify: ask the kernel for the original destination;
/// (2) turn away what comes from a socket of our own, a loop that would never end;
/// (3) read the PROXY protocol header of a trusted peer: from then on the client is the one that it names;
/// (4) admit: as many connections, and as fast, as a source may have;
/// (5) decide by addresses and ports alone, without a look at the bytes, where that is enough;
/// (6) otherwise peek at the first bytes, with a deadline, and dial meanwhile for a client that says nothing;
/// (7) hand over: HTTP to Kestrel, everything else to the stream forwarder, with the certificate where TLS ends here.
/// </summary>
internal sealed class ConnectionDispatcher(
    Reactor reactor,
    InForce<ConnectionRules> inForce,
    StreamDialler dialler,
    HttpHandOver http,
    LiveShelf live,
    UpstreamRegistry upstreams,
    Refusals refusals)
{
    /// <summary>The stream that takes the connection. Null: it is refused, or Kestrel has served it. The caller disposes of the socket.</summary>
    public async ValueTask<PendingStream?> DispatchAsync(ReactorSocket socket, Endpoint client, ConnectionTicket ticket)
    {
        // Read once: what is reloaded meanwhile is for later connections.
        var rules = inForce.Current;

        // (1)
        var steered = new Steered(client, SocketNames.Local(socket));

        // (2)
        if (upstreams.Contains(client, steered.Original))
        {
            Refuse(socket, RefusalReason.Loop, steered); // the reset tells the dialling side at once
            return null;
        }

        // (3)
        if (rules.Inbound.For(steered) is not Expectation.None and var expectation)
        {
            var (addresses, refusal, detail) = await ReadHeaderAsync(socket, steered, expectation, rules.Limits.SniffTimeout);
            if (refusal is { } reason)
            {
                Refuse(socket, reason, steered, detail);
                return null;
            }
            steered = addresses;
        }

        // (4)
        if (!ticket.TryEnter(rules.Sources, steered.Client.Address, out var refused))
        {
            Refuse(socket, refused, steered);
            return null;
        }

        // (5)
        var decision = rules.Routes.Decide(steered);
        var pending = decision.Stream is { } stream ? new PendingStream(socket, rules.Streams[stream], steered) : null;
        if (decision.NeedsFirstBytes)
        {
            // (6)
            var first = await SniffAsync(socket, pending, rules.Limits);
            SniffMetrics.Count(first.Protocol);
            var verdict = decision.Resolve(first, rules.Certificates.Current);
            if (verdict.Stream != decision.Stream)
            {
                pending?.Early?.Drop();
                pending = verdict.Stream is { } other ? new PendingStream(socket, rules.Streams[other], steered) : null;
            }
            pending?.Hello = first.Hello;
            pending?.Tls = verdict.Certificate is { } certificate ? new TlsConnection(certificate, first.Hello!) : null;

            // (7)
            if (verdict.IsHttp)
            {
                await http.ServeAsync(reactor, socket, first, verdict.Certificate, steered, live);
                return null;
            }
            if (verdict.LacksCertificate)
            {
                await RejectAsync(socket, steered, first.Hello!);
                return null;
            }
        }
        if (pending is null)
            Refuse(socket, RefusalReason.NoRoute, steered);
        return pending;
    }

    /// <summary>Looks at the first bytes; for a client that stays silent, the stream that would take it is dialled meanwhile.</summary>
    private async ValueTask<FirstBytes> SniffAsync(ReactorSocket socket, PendingStream? fallback, Limits limits)
    {
        var silent = fallback is null ? null : new SilentClient(reactor, dialler, fallback);
        var wait = new SniffWait(reactor, socket, silent);
        silent?.Start(limits.SpeakFirstDelay);
        await wait.RunAsync(limits.SniffTimeout);
        silent?.Stop();
        return wait.Result;
    }

    private async ValueTask<(Steered Addresses, RefusalReason? Refusal, string? Detail)> ReadHeaderAsync(
        ReactorSocket socket, Steered steered, Expectation expectation, TimeSpan timeout)
    {
        if (expectation == Expectation.Refuse)
            return (steered, RefusalReason.ProxyHeaderUntrusted, null);

        var wait = new ProxyHeaderWait(reactor, socket);
        var end = await wait.RunAsync(timeout);
        if (end == PeekEnd.TimedOut)
            return (steered, RefusalReason.ProxyHeaderTimedOut, null);
        if (wait.Header.Status == ProxyHeaderStatus.Complete)
        {
            socket.Receive(reactor.Buffer[..wait.Header.Length]); // it has been seen to be there
            return (wait.Header.Addresses ?? steered, null, null);
        }
        if (wait.Header.Error == ProxyHeaderError.NotAHeader || !wait.HasBegun)
            return (steered, RefusalReason.ProxyHeaderMissing, null);
        var error = wait.Header.Status == ProxyHeaderStatus.NeedMore ? ProxyHeaderError.CutOff : wait.Header.Error;
        return (steered, RefusalReason.ProxyHeaderMalformed, error.ToString());
    }

    private void Refuse(ReactorSocket socket, RefusalReason reason, Steered steered, string? detail = null)
    {
        socket.Reset();
        refusals.Add(reason, steered, detail);
    }

    /// <summary>Tells a TLS client why it is refused.</summary>
    private ValueTask RejectAsync(ReactorSocket socket, Steered steered, ClientHello hello)
    {
        refusals.Add(hello.ServerName is null ? RefusalReason.ServerNameMissing : RefusalReason.ServerNameUnknown, steered);
        // A few bytes, and the first that are sent: there is room for them.
        socket.Send(TlsAlert.Record(TlsAlert.For(hello)));
        var closing = new LingeringClose(reactor, socket);
        closing.Start();
        return closing.EndedAsync();
    }
}
