"""What a model that was found needs before it can be checked, proposed from its own traffic for a person to review."""
