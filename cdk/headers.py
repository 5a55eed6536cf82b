"""The dashboard's content security policy, also sent by the local cloud's front. Imports nothing."""

from __future__ import annotations


def content_security_policy(connect: str) -> str:
    """No inline script or style, nothing from elsewhere; `connect` is where people sign in."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' {connect}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
