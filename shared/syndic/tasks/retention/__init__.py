"""Results of checks go when their time is over, and days and months stay in their place."""
