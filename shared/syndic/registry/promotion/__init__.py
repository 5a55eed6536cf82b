"""Stages: the gate, the promotion through it, the policies that say what it asks, and what it leaves as evidence."""
