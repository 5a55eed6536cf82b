"""Routes of who may come in: people, keys, issuers, signing in."""
