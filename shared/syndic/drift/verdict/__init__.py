"""The one place where drift is judged, in one window and over several."""
