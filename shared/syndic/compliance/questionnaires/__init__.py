"""What is asked of people, and what follows from their answers."""
