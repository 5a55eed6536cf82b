"""The demonstration: the whole platform on a local cloud, governing two real models. Run it with ``make demo``."""
