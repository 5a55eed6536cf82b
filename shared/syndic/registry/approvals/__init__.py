"""Who must agree, and who did."""
