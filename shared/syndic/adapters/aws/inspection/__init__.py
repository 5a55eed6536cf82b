"""What an account and a deployed stack are like. Only reads."""
