namespace Everyport.Proxy.Admin;

/// <summary>What the admin host has answered.</summary>
internal sealed record AdminAnswer(bool IsGood, string Body);
