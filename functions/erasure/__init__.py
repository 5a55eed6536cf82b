"""Erasure: plans what goes of captured traffic, and does what was planned where the deployer allowed it."""
