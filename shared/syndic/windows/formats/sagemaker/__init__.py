"""SageMaker's data capture: JSON Lines, each a whole call."""
