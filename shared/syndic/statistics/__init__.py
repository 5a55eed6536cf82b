"""Statistics: numbers in, named numbers out. No policy, no records, and neither scipy nor pandas."""
