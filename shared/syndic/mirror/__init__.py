"""The mirror: two clouds exchange records and events. Captured rows and archives never cross."""
