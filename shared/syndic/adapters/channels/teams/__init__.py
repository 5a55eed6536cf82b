"""Microsoft Teams through Workflows: an Adaptive Card, posted by a flow. Sent at most once, as a card has no key."""
