"""The AWS edge: Lambda handlers. Each parses its event, calls one use case, counts one metric and returns."""
