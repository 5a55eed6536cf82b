"""The Azure edge: timers and queue workers. Each takes its envelope off, makes one call and returns."""
