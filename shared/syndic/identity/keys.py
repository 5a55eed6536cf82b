"""Where keys of programs and issuers are kept."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import Final

from syndic.identity.models import ApiKey
from syndic.models import to_json
from syndic.ports import Key, Listing, Record

KEYS: Final = "keys"
ALL: Final = "keys.all"
SPENT: Final = "keys.exchanged"
ISSUERS: Final = "issuers"


def api_key_key(key_id: str) -> Key:
    """Key of the record of an API key."""
    return Key(KEYS, key_id)


def used_key(key_id: str) -> Key:
    """When an API key was used last. Apart, so that no use comes between a revocation and its record."""
    return Key("keys.used", key_id)


def issuer_key(name: str) -> Key:
    """Key of an issuer's rules."""
    return Key(ISSUERS, name)


def attempts_key(name: str) -> Key:
    """How often somebody failed to sign in by password lately. The name itself is not kept."""
    return Key("sign_ins", hashlib.sha256(name.strip().lower().encode("utf-8", "surrogatepass")).hexdigest())


def of_maker(name: str) -> str:
    """Partition in which a person's keys are listed."""
    return f"keys.of.{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def api_key_record(key: ApiKey) -> Record:
    """The record of an API key. One of an exchange is only listed to be cleared away."""
    at = key.made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    listings: tuple[Listing, ...]
    if key.account is None:
        listings = (Listing(SPENT, f"{key.expires_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.{key.id}"),)
    else:
        listings = (Listing(ALL, f"{at}.{key.id}"), Listing(of_maker(key.made_by), f"{at}.{key.id}"))
    return Record(api_key_key(key.id), to_json(key), listings=listings)
