using System.Runtime.InteropServices;

namespace Everyport.Steering.Registration;

/// <summary>A socket that came with the start of this process.</summary>
/// <param name="Service">The service that it is for.</param>
/// <param name="Handle">The socket; it is the process's, and not closed with this.</param>
/// <param name="Description">What it is, as <c>tcp 127.0.0.1:80</c>.</param>
public sealed record ActivatedSocket(string Service, SafeHandle Handle, string Description);
