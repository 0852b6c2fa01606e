namespace Everyport.Proxy.Http.Policies;

/// <summary>
/// Opens when too many requests to a destination fail, and closes when one succeeds that was let through on trial.
/// Times are timestamps of a clock. For any number of threads.
/// </summary>
/// <remarks>
/// Not Polly's: that one decides when a request is already on its way to a destination, whereas here requests are kept
/// from destinations before one is chosen.
/// </remarks>
internal sealed class CircuitBreaker(CircuitRules rules, long frequency)
{
    /// <summary>The window slides in so many steps.</summary>
    private const int Slices = 10;

    private readonly Lock _gate = new();
    private readonly (int Requests, int Failures)[] _slices = new (int, int)[Slices];
    private readonly long _sliceLength = Math.Max(1, (long)(rules.Window.TotalSeconds * frequency / Slices));
    private readonly long _break = (long)(rules.Break.TotalSeconds * frequency);
    private long _slice, _openUntil;
    private bool _isTried;
    private volatile bool _isClosed = true;

    public bool IsClosed => _isClosed;

    public CircuitState StateAt(long now)
    {
        lock (_gate)
            return _isClosed ? CircuitState.Closed : now < _openUntil ? CircuitState.Open : CircuitState.HalfOpen;
    }

    /// <summary>True where a request may try whether the destination is well again. Its end has to be told.</summary>
    public bool TryTrial(long now)
    {
        lock (_gate)
        {
            if (_isClosed || _isTried || now < _openUntil)
                return false;
            return _isTried = true;
        }
    }

    /// <summary>The end of a trial; null where it says nothing about the destination. True where this closes the circuit.</summary>
    public bool EndTrial(bool? succeeded, long now)
    {
        lock (_gate)
        {
            _isTried = false;
            if (succeeded == true)
            {
                Array.Clear(_slices);
                _isClosed = true;
            }
            else if (succeeded == false)
                _openUntil = now + _break;
            return _isClosed;
        }
    }

    /// <summary>The end of any other request. True where this opens the circuit; what began before that says nothing any more.</summary>
    public bool Report(bool succeeded, long now)
    {
        lock (_gate)
        {
            if (!_isClosed)
                return false;
            Slide(now / _sliceLength);
            ref var slice = ref _slices[_slice % Slices];
            slice.Requests++;
            if (succeeded)
                return false;
            slice.Failures++;
            if (!IsTooMuch())
                return false;
            (_isClosed, _openUntil) = (false, now + _break);
            return true;
        }
    }

    private bool IsTooMuch()
    {
        var (requests, failures) = (0, 0);
        foreach (var slice in _slices)
            (requests, failures) = (requests + slice.Requests, failures + slice.Failures);
        return rules.Failures is { } most ? failures >= most : requests >= rules.MinimumRequests && failures >= requests * rules.FailureRatio;
    }

    private void Slide(long slice)
    {
        for (var passed = Math.Min(slice - _slice, Slices); passed > 0; passed--)
            _slices[(slice - passed + 1) % Slices] = default;
        _slice = Math.Max(_slice, slice);
    }
}
