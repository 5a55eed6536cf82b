"""What browsers are told with every file of the dashboard, wherever it is served from. Imports nothing."""

from __future__ import annotations

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def content_security_policy(connect: str) -> str:
    """No inline script or style, nothing from elsewhere; `connect` is where people sign in."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' {connect}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
