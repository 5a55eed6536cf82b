"""Beyond chance, beyond the threshold: the one place where fairness is judged."""
