"""What a person decides before the data are seen, as data and as a file, and how it is kept."""
