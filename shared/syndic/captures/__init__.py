"""Traffic that no cloud captures: whoever runs a model sends its rows and labels, kept like captured ones."""
