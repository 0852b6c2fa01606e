namespace Everyport.Proxy.Tls.Upstream;

/// <summary>What is wrong with a file of certificates or keys: the key of the configuration that names it, and a sentence.</summary>
internal sealed record CredentialError(string Key, string Message)
{
    public override string ToString() => $"{Key}: {Message}";
}
