namespace Everyport.Proxy.Http.Routing;

/// <summary>Routes among which the request itself decides; they share one matcher, wherever they are found.</summary>
/// <param name="Number">Its place in <see cref="HttpRouteTable.Sets"/>.</param>
/// <param name="Routes">The names, sorted.</param>
/// <param name="AsksForPath">Whether any of them takes only some paths.</param>
internal sealed record HttpRouteSet(int Number, IReadOnlyList<string> Routes, bool AsksForPath);
