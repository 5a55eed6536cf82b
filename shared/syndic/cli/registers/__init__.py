"""Commands of the registers, one module each."""
