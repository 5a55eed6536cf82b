"""Programs that call the API: keys that people make for them, and keys in exchange for a pipeline's own token."""
