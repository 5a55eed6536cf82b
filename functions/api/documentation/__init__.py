"""The files of the interactive documentation: a page, a script and a style of its own, nothing from elsewhere."""
