"""The client for programs that wait without blocking."""
