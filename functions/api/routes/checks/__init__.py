"""Routes of what is measured: captured traffic, checks of drift, quality and fairness, their policies."""
