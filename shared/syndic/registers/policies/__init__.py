"""Policies of the organisation: texts that are put in force, reviewed, and acknowledged by people."""
