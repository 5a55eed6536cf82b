"""Jira Service Management, and Opsgenie before it: one alert for each alias, so each is sent at least once."""
