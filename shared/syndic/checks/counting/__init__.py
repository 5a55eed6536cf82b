"""A window is read once and counted for every check; drift, quality and bias judge what was counted."""
