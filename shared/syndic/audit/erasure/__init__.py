"""Contents that are erased, or held, while their hashes stay."""
