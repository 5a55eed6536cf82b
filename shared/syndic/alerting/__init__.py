"""Alerts: findings grouped by trouble, and one calm digest per owner."""
