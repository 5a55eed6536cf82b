"""How good the model is, by ground truth."""
