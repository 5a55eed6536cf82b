"""Tables that people bring, from files or from memory."""
