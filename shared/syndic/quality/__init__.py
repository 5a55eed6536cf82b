"""Quality: whether captured data are sound, and whether the model is as good as declared once labels arrive."""
