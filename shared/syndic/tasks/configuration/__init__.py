"""Configuration files that reach the deployed product: read as a whole, compared with what is there, applied."""
