"""Adapters of the ports: memory for tests, one package per cloud. Only wiring imports them."""
