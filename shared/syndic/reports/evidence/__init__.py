"""Evidence packages: made, and checked offline."""
