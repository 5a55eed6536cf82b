"""From a framework and evidence to the state of each requirement. Pure."""
