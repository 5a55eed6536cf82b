"""Routes of models and versions: registered, approved, promoted, deployed, served, written about."""
