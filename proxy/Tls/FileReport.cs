namespace Everyport.Proxy.Tls;

/// <summary>Takes what is wrong with a file: the key of the configuration that names it, and a message that goes on from there.</summary>
internal delegate void FileReport(string key, string message);
