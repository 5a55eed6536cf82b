"""Registry: models, versions, their two lifecycles, approvals and the promotion gate."""
