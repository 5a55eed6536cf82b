"""What a deployment does when it is asked to: checks and reports."""
