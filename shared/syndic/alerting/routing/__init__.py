"""Who is told of what, when, in Alertmanager's words: routes, silences, inhibit rules, time intervals."""
