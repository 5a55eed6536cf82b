"""What one cell says: a number, a time, a category, or nothing."""
