"""What the law asks of models and people, over several registers: shown, changed and told, with what is due."""
