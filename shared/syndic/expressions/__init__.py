"""Conditions written as data, in a bounded part of the Common Expression Language (CEL)."""
