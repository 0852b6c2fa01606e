namespace Everyport.Proxy.Live;

/// <summary>Something that is open, and can be looked at from any thread.</summary>
internal interface ILive
{
    /// <summary>Where its <see cref="LiveShelf"/> keeps it.</summary>
    ShelfPlace Place { get; set; }

    /// <summary>What it is at the moment. Its owner goes on meanwhile, so that numbers may be some bytes apart.</summary>
    OpenConnection Look();
}

/// <summary>A place on a shelf: what is there, a number that nothing else has had there, and the bytes it had moved when somebody looked last.</summary>
internal readonly record struct ShelfPlace(int Index, long Id, long Moved = 0);
