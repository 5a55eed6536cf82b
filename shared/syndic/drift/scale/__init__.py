"""Windows too large for one function: the same counts, part by part."""
