"""Drift: whether the data a model sees still look like its baseline, judged by a stated policy."""
