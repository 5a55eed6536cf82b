"""Standard Webhooks 1.0 with a CloudEvents body, signed; its id is the same each time, so it is sent at least once."""
