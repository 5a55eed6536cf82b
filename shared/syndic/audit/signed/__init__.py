"""What the log's key and witnesses sign: notes, checkpoints, and which signatures are enough. Pure."""
