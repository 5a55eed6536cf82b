"""What is told and kept of a window's quality."""
