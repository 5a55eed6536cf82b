"""Routes of alerts: who is told, when, where, and what was done about it."""
