"""A window as counts on its baseline's edges."""
