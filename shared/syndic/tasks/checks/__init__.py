"""What the tasks of drift, quality and bias share: judging, what keeps a check from being made, stalled windows."""
