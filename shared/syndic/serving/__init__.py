"""Predictions on a server of one's own: an application, and middleware before what serves already."""
