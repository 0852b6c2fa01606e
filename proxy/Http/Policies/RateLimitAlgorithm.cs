namespace Everyport.Proxy.Http.Policies;

/// <summary>How requests are counted; those of System.Threading.RateLimiting.</summary>
internal enum RateLimitAlgorithm
{
    /// <summary>All permits come back at the end of each window.</summary>
    FixedWindow,

    /// <summary>As a fixed one, but each request counts for a whole window, in steps of an eighth.</summary>
    SlidingWindow,

    /// <summary>Permits come back evenly; after a pause, as many requests may come at once as a window has.</summary>
    TokenBucket,

    /// <summary>So many requests at one time, however long they take.</summary>
    Concurrency,
}
