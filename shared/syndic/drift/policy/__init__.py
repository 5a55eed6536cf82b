"""What a person decides about drift before the data are seen, and how it is kept."""
