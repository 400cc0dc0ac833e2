"""The benchmarks of hack/bench, one module each."""
