"""A pipeline's own token becomes a key of a quarter of an hour (RFC 8693). No secret is kept anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from syndic.changes import Change, commit, finish
from syndic.errors import StaleWriteError
from syndic.identity.id_tokens import read_issuer, verify_token
from syndic.identity.issuers import list_issuers
from syndic.identity.key_text import hash_key, new_secret, write_key
from syndic.identity.keys import api_key_key, api_key_record
from syndic.identity.models import ApiKey, IdentityRefusedError, Issuer
from syndic.models import AuditEntry
from syndic.ports import ABSENT, AuditTrail, IssuerKeys, Store, Write

HOLDS: Final = timedelta(minutes=15)
SHOWN: Final = ("repository", "repository_id", "ref", "workflow_ref", "run_id", "environment", "actor", "project_path")
"""Claims that the trail repeats, as texts: they say which run it was."""


def exchange_token(
    token: str,
    *,
    keys: IssuerKeys,
    store: Store,
    audit: AuditTrail,
    now: datetime,
    secret: Callable[[], str] = new_secret,
) -> tuple[ApiKey, str]:
    """The key for a token, with its text. Each token is exchanged once.

    Raises:
        IdentityRefusedError: No rules take the token, or it was exchanged before.
        UnavailableError: The issuer's keys cannot be had.
    """
    named = read_issuer(token)
    rules = _rules_for(token, [one for one in list_issuers(store) if one.issuer == named], keys=keys, now=now)
    claims = verify_token(token, rules, keys=keys, now=now)
    key_id = hashlib.sha256(f"{rules.issuer}\n{claims['jti']}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    text = write_key(key_id, secret())
    made = ApiKey(
        id=key_id, name=f"issuer/{rules.name}", scopes=tuple(sorted(rules.scopes)), made_by=f"issuer/{rules.name}",
        email=rules.owner.lower() if rules.owner else None, made_at=now, expires_at=now + HOLDS,
        secret_sha256=hash_key(text),
    )  # fmt: skip
    run = {name: str(claims[name])[:256] for name in SHOWN if name in claims}
    entry = AuditEntry(
        action="token.exchanged", actor=made.made_by, subject=f"key/{key_id}", at=now,
        details={"scopes": list(made.scopes), "run": run},
    )  # fmt: skip
    try:
        commit(Change((Write(api_key_record(made), ABSENT),), now, entries=(entry,)), store=store, audit=audit)
    except StaleWriteError as error:
        finish(api_key_key(key_id), store=store, audit=audit)
        raise IdentityRefusedError("token_used", "this token was exchanged before: ask for a fresh one") from error
    return made, text


def _rules_for(token: str, candidates: Sequence[Issuer], *, keys: IssuerKeys, now: datetime) -> Issuer:
    """The first rules, by name, that take the token: two teams of one issuer have rules each."""
    if not candidates:
        raise IdentityRefusedError("token_refused", "no rules are set for the issuer of this token")
    refused: list[IdentityRefusedError] = []
    for rules in candidates:
        try:
            verify_token(token, rules, keys=keys, now=now)
        except IdentityRefusedError as error:
            refused.append(error)
        else:
            return rules
    raise refused[0]
