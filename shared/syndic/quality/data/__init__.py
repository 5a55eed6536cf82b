"""Are the data sound? Counts against what the baseline lets expect."""
