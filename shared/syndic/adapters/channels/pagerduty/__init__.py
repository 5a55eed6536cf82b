"""PagerDuty Events v2: one alert for each key, sent at least once, as the same key is taken once."""
