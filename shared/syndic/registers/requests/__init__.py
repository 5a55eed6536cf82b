"""Requests of persons: what they ask, by when an answer is owed, and what was answered. No person is named."""
