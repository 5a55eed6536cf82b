"""Numbers in, named numbers out: no policy, no verdict."""
