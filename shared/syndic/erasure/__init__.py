"""Erasure of captured rows in the customer's stores: planned and shown first, then done exactly as planned."""
