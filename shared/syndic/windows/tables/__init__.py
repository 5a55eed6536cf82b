"""Tables from files or from memory."""
