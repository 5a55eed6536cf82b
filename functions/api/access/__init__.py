"""Who asks, by token or key, which routes they may call, and the log of what sensitive was shown."""
