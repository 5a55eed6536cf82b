"""Commands on keys of programs and on people."""
