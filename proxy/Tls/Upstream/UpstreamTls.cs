using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Everyport.Proxy.Hosting;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>
/// TLS towards the destinations of one cluster. New connections use what its files hold now; a file that turns out to be bad
/// changes nothing.
/// </summary>
internal sealed class UpstreamTls
{
    private readonly UpstreamTlsSettings _settings;
    private readonly TimeProvider _time;
    private readonly UpstreamTlsLog _log;
    private volatile UpstreamCredentials _credentials;
    private string _fingerprint;

    /// <exception cref="StartupException">A file cannot be used.</exception>
    public UpstreamTls(UpstreamTlsSettings settings, TimeProvider time, UpstreamTlsLog log)
    {
        (_settings, _time, _log) = (settings, time, log);
        var errors = new List<CredentialError>();
        var files = CredentialFiles.Read(settings, errors);
        _credentials = files is null ? UpstreamCredentials.None : UpstreamCredentials.Load(settings, files, errors) ?? UpstreamCredentials.None;
        _fingerprint = FingerprintOf(files, errors);
        if (errors.Count > 0)
            throw new StartupException(string.Join("; ", errors.Select(error => $"Tls:{error}")));
    }

    /// <summary>What the configuration says.</summary>
    public UpstreamTlsSettings Settings => _settings;

    /// <summary>Loads the files again if they have changed. One call at a time.</summary>
    public void Refresh()
    {
        var errors = new List<CredentialError>();
        var files = CredentialFiles.Read(_settings, errors);
        var fingerprint = FingerprintOf(files, errors);
        if (fingerprint == _fingerprint)
            return;
        // A bad file is told of once, and not again until it changes.
        _fingerprint = fingerprint;
        if (files is not null && UpstreamCredentials.Load(_settings, files, errors) is { } loaded)
        {
            _credentials = loaded;
            _log.Reloaded();
        }
        else
        {
            _log.Rejected(errors);
        }
    }

    /// <summary>
    /// Encrypts a connection. The stream that is returned owns <paramref name="connection"/>; where it fails, the caller still does.
    /// </summary>
    /// <exception cref="UpstreamTlsException">The handshake has failed.</exception>
    public async Task<SslStream> ConnectAsync(Stream connection, UpstreamHandshake handshake, CancellationToken cancelled)
    {
        ServerCertificateProblem? problem = null;
        var name = _settings.NameFor(handshake.Host, handshake.ClientsName);
        var options = OptionsFor(name, handshake, (_, certificate, chain, errors) =>
        {
            problem = handshake.AcceptsAny ? null : ServerCertificateProblem.Find(name, certificate as X509Certificate2, chain, errors, _time.GetUtcNow());
            return problem is null;
        });
        var stream = new SslStream(connection);
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancelled);
            return stream;
        }
        catch (Exception e) when (cancelled.IsCancellationRequested && (e is OperationCanceledException or AuthenticationException or IOException))
        {
            _log.Failed(handshake.ToString(), UpstreamTlsFailure.TimedOut, "it has not finished the handshake in time");
            throw new OperationCanceledException(e.Message, e, cancelled);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            var (failure, message) = problem is null ? (UpstreamTlsFailure.HandshakeFailed, PlainWords(e)) : (problem.Failure, problem.Message);
            _log.Failed(handshake.ToString(), failure, message);
            throw new UpstreamTlsException(failure, $"TLS to {handshake} failed: {message}", e);
        }
    }

    private SslClientAuthenticationOptions OptionsFor(string name, UpstreamHandshake handshake, RemoteCertificateValidationCallback verify)
    {
        var credentials = _credentials;
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // A certificate may name any URL for its issuer: not for a stranger to have us fetch.
            DisableCertificateDownloads = true,
            VerificationTimeIgnored = true,
        };
        if (credentials.Roots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }
        return new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ApplicationProtocols = handshake.Protocols,
            EnabledSslProtocols = handshake.Versions,
            ClientCertificateContext = credentials.Certificate,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = verify,
            AllowRenegotiation = false,
        };
    }

    private string PlainWords(Exception e)
    {
        var innermost = e.GetBaseException().Message.TrimEnd('.');
        var hint = _settings.CertificatePath is null ? "it may speak no TLS there, or no version or cipher in common, or ask for a certificate (Tls:CertificatePath)"
            : "it may speak no TLS there, or no version or cipher in common, or not accept the certificate of Tls:CertificatePath";
        return $"the destination has not agreed to the handshake, {hint}: {innermost}";
    }

    private static string FingerprintOf(CredentialFiles? files, List<CredentialError> errors) => files?.Fingerprint() ?? string.Join("; ", errors);
}
