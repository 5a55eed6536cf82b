"""From what was seen to where an alert stands: subjects, their episodes, what holds and what is over. Pure."""
