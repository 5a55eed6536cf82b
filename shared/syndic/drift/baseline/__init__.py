"""The baseline: summarised once, kept by its hash, all that later windows are compared with."""
