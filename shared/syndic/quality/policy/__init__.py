"""What a person decides about quality before the data are seen, and how it is kept."""
