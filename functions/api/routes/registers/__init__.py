"""Routes of the registers, one module each."""
