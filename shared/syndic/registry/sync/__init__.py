"""Other registries: what they list is imported, what was decided here is told to them."""
