"""Conformity of high-risk systems: assessment, modifications, the form of Art. 6(4), data for registration."""
