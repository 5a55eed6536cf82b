"""Services that answer predictions: one module a protocol, found in `table.Services`."""
