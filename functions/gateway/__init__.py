"""The gateway's functions: answer predictions, keep their records."""
