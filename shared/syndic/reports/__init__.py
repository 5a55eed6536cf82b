"""Reports: what was found, as files a person or a regulator can keep and check."""
