"""The one way out to the public Internet: which addresses may be reached, and how."""
