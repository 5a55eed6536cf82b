"""``syndic models``: models, versions, their steps, approvals and papers."""
