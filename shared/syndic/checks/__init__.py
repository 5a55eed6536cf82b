"""What the checks of drift, quality and bias have in common."""
