"""Routes of the platform itself: overview, settings, retention, the audit trail, its own description."""
