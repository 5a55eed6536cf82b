"""``syndic alerts``: what is wrong, who cares for it, and what is quiet."""
