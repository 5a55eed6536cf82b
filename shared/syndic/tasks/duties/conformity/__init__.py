"""Conformity of a high-risk system: its assessments, the decision on each version, and what follows from both."""
