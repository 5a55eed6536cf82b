"""How a version takes over traffic, step by step, and how it is taken back by rule."""
