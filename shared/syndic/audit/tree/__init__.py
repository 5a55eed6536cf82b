"""What entries add up to: a chain of hashes, a tree over them, and the batches in which it is stored."""
