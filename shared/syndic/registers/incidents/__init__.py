"""Incidents and breaches: what happened, who has to be told by when, and what was done about it."""
