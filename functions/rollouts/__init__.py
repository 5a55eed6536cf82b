"""The rollouts function."""
