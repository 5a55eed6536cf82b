"""Groups of people whom an external provider signed in."""
