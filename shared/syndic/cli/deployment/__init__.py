"""Before and after a deployment: what would stop it, and whether it works."""
