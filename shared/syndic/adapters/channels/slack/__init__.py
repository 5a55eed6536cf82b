"""Slack: an incoming webhook, or a bot. Messages have no key to be known again by: each is sent at most once."""
