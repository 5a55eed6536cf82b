"""The command that serves a governed model from a server of one's own."""
