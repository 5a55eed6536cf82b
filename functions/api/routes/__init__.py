"""One file of routes per concern. A route reads its input, calls one use case and returns its noun."""
