"""Models and their versions: registered, described, listed, and the legal steps of their lives."""
