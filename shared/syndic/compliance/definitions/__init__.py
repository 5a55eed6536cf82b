"""Frameworks as data: read from YAML and checked, with the remedy of each kind of evidence."""
