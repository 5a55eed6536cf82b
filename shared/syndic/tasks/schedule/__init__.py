"""What runs by itself whatever the concern: the day, the sweeper, the upgrade of records, and when each is due."""
