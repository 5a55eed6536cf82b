"""`StorageInspector` on Blob storage: what accounts, containers and their lifecycle policies say, by the control plane.

https://learn.microsoft.com/rest/api/storagerp. Reading needs the role Reader on the account, which shows no key and no
blob. Azure encrypts every account and lets nobody turn it off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from azure.core.exceptions import AzureError, ResourceNotFoundError

from syndic.adapters.azure.addresses import read_address
from syndic.adapters.azure.errors import translate
from syndic.adapters.azure.resource_manager import PUBLIC, ResourceManager
from syndic.errors import InvalidInputError, UnavailableError
from syndic.ports import StorageRules

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

API_VERSION: Final = "2023-05-01"
_AGES: Final = ("daysAfterModificationGreaterThan", "daysAfterCreationGreaterThan")
_CAPTURED: Final = frozenset({"blockBlob", "appendBlob"})


class AzureStorageInspector:
    """Reads the rules of the accounts that are named.

    Args:
        credential: The identity that signs in; it needs to read the accounts.
        places: Each ``subscription/resource group/account``.
        address: The control plane, another one in sovereign clouds.
    """

    def __init__(self, credential: TokenCredential | None, places: Sequence[str], *, address: str = PUBLIC) -> None:
        self._plane = ResourceManager(credential, address=address, api_version=API_VERSION)
        self._places = {place.rsplit("/", 1)[-1]: place for place in places}

    def rules(self, uri: str) -> StorageRules:
        """The rules for what lies below an address such as ``https://account.blob.core.windows.net/container/folder``."""
        at = read_address(uri)
        if not self._places:
            raise UnavailableError("where the accounts of captures lie is not set (capture_places)")
        if at.account not in self._places:
            raise InvalidInputError(f"account {at.account} is not among the accounts that may be read (capture_places)")
        subscription, group, name = self._places[at.account].split("/")
        of_group = f"/subscriptions/{subscription}/resourceGroups/{group}"
        root = f"{of_group}/providers/Microsoft.Storage/storageAccounts/{name}"
        try:
            account = self._plane.get(root)["properties"]
            service = self._plane.get(f"{root}/blobServices/default")["properties"]
            container = self._plane.get(f"{root}/blobServices/default/containers/{at.container}")["properties"]
            policy = self._policy(root)
        except AzureError as error:
            raise translate(error, f"rules of {uri}") from error
        return _rules(account, service, container, policy, f"{at.container}/{at.name}")

    def _policy(self, root: str) -> Sequence[Mapping[str, Any]]:
        try:
            found = self._plane.get(f"{root}/managementPolicies/default")["properties"]
        except ResourceNotFoundError:
            return ()
        return tuple(rule["definition"] for rule in found["policy"]["rules"] if rule.get("enabled", True))


def _rules(
    account: Any, service: Any, container: Any, policy: Sequence[Mapping[str, Any]], prefix: str
) -> StorageRules:
    lock = (container.get("immutabilityPolicy") or {}).get("properties") or {}
    versioned = bool(service.get("isVersioningEnabled"))
    kept = service.get("deleteRetentionPolicy") or {}
    soft = kept.get("days") if kept.get("enabled") else None
    whole = [rule for rule in policy if _covers(rule, prefix)]
    gone = min(_days(whole, "version"), default=None) if versioned else 0
    return StorageRules(
        encryption=str((account.get("encryption") or {}).get("keySource") or "Microsoft.Storage"),
        earlier_versions=versioned or soft is not None,
        locked_days=lock.get("immutabilityPeriodSinceCreationInDays"),
        lock_can_be_lifted=str(lock.get("state", "")).lower() == "unlocked",
        deleted_after_days=min(_days(whole, "baseBlob"), default=None),
        some_deleted_after_days=min(_days([r for r in policy if _touches(r, prefix)], "baseBlob"), default=None),
        gone_after_days=None if gone is None else gone + (soft or 0),
    )


def _prefixes(rule: Mapping[str, Any]) -> Sequence[str]:
    return (rule.get("filters") or {}).get("prefixMatch") or [""]


def _covers(rule: Mapping[str, Any], prefix: str) -> bool:
    """Whether a rule is about every blob below a prefix: one for some tags is about a part of them."""
    filters = rule.get("filters") or {}
    return (
        not filters.get("blobIndexMatch")
        and set(filters.get("blobTypes") or _CAPTURED) >= _CAPTURED
        and any(prefix.startswith(one) for one in _prefixes(rule))
    )


def _touches(rule: Mapping[str, Any], prefix: str) -> bool:
    return any(prefix.startswith(one) or one.startswith(prefix) for one in _prefixes(rule))


def _days(rules: Sequence[Mapping[str, Any]], of: str) -> Iterator[int]:
    """Days after which a rule deletes. One that counts from the last access may never come about."""
    for rule in rules:
        delete = ((rule.get("actions") or {}).get(of) or {}).get("delete") or {}
        yield from (int(delete[age]) for age in _AGES if age in delete)
