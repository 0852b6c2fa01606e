namespace Everyport.Proxy.Http.Errors;

/// <summary>How an error is told.</summary>
internal enum ErrorForm
{
    Text,
    Problem,
    Html,
}
