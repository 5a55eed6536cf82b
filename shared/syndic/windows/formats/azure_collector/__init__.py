"""Azure ML's data collector: CloudEvents, the two sides of a call in files of their own."""
