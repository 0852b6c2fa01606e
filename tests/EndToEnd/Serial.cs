// Each test runs several programs and moves much data: one after the other, so that a small machine copes.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
