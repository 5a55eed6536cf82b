"""What stores do by their own rules, as S3 and Azure's control plane say it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from syndic.adapters.aws import S3StorageInspector
from syndic.adapters.azure import AzureStorageInspector
from syndic.adapters.azure.storage_rules import API_VERSION
from syndic.errors import InvalidInputError, NotFoundError, UnavailableError
from syndic.ports import StorageRules
from tests.contract import clouds

BUCKET = "inspected"
CAPTURES = f"s3://{BUCKET}/in/loan/"


def rule(days: int, *, filtered: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"ID": f"{days}", "Status": "Enabled", "Filter": {"Prefix": ""} if filtered is None else filtered,
            "Expiration": {"Days": days}, **more}  # fmt: skip


@pytest.fixture
def s3(request: pytest.FixtureRequest) -> Iterator[Any]:
    client = clouds.client("s3", request.getfixturevalue("aws"))
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": clouds.REGION})
    yield client
    client.delete_bucket(Bucket=BUCKET)


def inspected(client: Any, *rules: dict[str, Any]) -> StorageRules:
    if rules:
        client.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": list(rules)})
    return S3StorageInspector(client, buckets=[BUCKET]).rules(CAPTURES)


def test_a_bucket_without_rules_deletes_and_locks_nothing(s3: Any) -> None:
    found = inspected(s3)
    assert (found.deleted_after_days, found.some_deleted_after_days, found.locked_days) == (None, None, None)
    assert (found.earlier_versions, found.gone_after_days) == (False, 0)


@pytest.mark.parametrize(
    ("rules", "every", "some"),
    [
        ((rule(30), rule(90)), 30, 30),
        ((rule(30, filtered={"Prefix": "in/"}),), 30, 30),
        ((rule(30, filtered={"Prefix": "out/"}),), None, None),
        ((rule(30, filtered={"Prefix": "in/loan/blue/2026/"}),), None, 30),
        ((rule(30, filtered={"And": {"Prefix": "in/", "Tags": [{"Key": "a", "Value": "b"}]}}),), None, 30),
        ((rule(30, Status="Disabled"), rule(400)), 400, 400),
        (({**rule(1), "Expiration": {"Date": "2026-01-01T00:00:00Z"}},), None, 0),
    ],
)
def test_only_a_rule_on_all_of_a_place_deletes_all_of_it(
    s3: Any, rules: tuple[dict[str, Any], ...], every: int | None, some: int | None
) -> None:
    found = inspected(s3, *[{**one, "ID": str(number)} for number, one in enumerate(rules)])
    assert (found.deleted_after_days, found.some_deleted_after_days) == (every, some)


@pytest.mark.parametrize(
    ("expiry", "gone"),
    [(None, None), ({"NoncurrentDays": 400}, 400), ({"NoncurrentDays": 9, "NewerNoncurrentVersions": 3}, None)],
)
@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_earlier_versions_outlive_what_is_deleted(s3: Any, status: str, expiry: Any, gone: int | None) -> None:
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})
    more = {} if expiry is None else {"NoncurrentVersionExpiration": expiry}
    found = inspected(s3, rule(30, **more))
    assert (found.earlier_versions, found.gone_after_days) == (True, gone)


@pytest.mark.parametrize(("mode", "liftable"), [("COMPLIANCE", False), ("GOVERNANCE", True)])
@pytest.mark.parametrize(("kept", "days"), [({"Days": 40}, 40), ({"Years": 10}, 3650)])
def test_a_lock_is_told_with_its_time_and_whether_it_can_be_lifted(
    aws: str, mode: str, liftable: bool, kept: dict[str, int], days: int
) -> None:
    client, bucket = clouds.client("s3", aws), f"locked-{mode.lower()}-{days}"
    client.create_bucket(
        Bucket=bucket, ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": clouds.REGION},
    )  # fmt: skip
    client.put_object_lock_configuration(
        Bucket=bucket,
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": mode, **kept}}},
    )
    client.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
        },
    )
    found = S3StorageInspector(client).rules(f"s3://{bucket}")
    assert (found.locked_days, found.lock_can_be_lifted, found.encryption) == (days, liftable, "aws:kms")


def test_other_buckets_are_not_asked_and_one_that_is_not_there_is_said(s3: Any) -> None:
    reader = S3StorageInspector(s3, buckets=[BUCKET, "absent-*"])
    for uri in ("s3://payroll/in", "https://inspected/in"):
        with pytest.raises(InvalidInputError, match="capture_buckets"):
            reader.rules(uri)
    with pytest.raises((NotFoundError, UnavailableError)):
        reader.rules("s3://absent-bucket/in")


ACCOUNT = "11111111-2222-3333-4444-555555555555/risk/collected"
AT = "https://collected.blob.core.windows.net/captures/in/loan/"


@contextmanager
def answering(answers: dict[str, Any]) -> Iterator[str]:
    """A control plane that knows some resources of one account, as storage's own provider does."""
    subscription, group, name = ACCOUNT.split("/")
    root = f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = parse_qs(parts.query) == {"api-version": [API_VERSION]}
            found = answers.get(parts.path.removeprefix(root)) if asked and parts.path.startswith(root) else None
            status, body = (404, {"error": {"code": "NotFound"}}) if found is None else (200, {"properties": found})
            if found == 403:
                status, body = 403, {"error": {"code": "AuthorizationFailed", "message": "no right"}}
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def azure(**over: Any) -> StorageRules:
    answers: dict[str, Any] = {
        "": {"encryption": {"keySource": "Microsoft.Keyvault"}},
        "/blobServices/default": {},
        "/blobServices/default/containers/captures": {},
        **over,
    }
    with answering(answers) as address:
        return AzureStorageInspector(None, [ACCOUNT], address=address).rules(AT)


def policy(**definition: Any) -> dict[str, Any]:
    given = {"actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 30}}}, **definition}
    return {"/managementPolicies/default": {"policy": {"rules": [{"enabled": True, "definition": given}]}}}


def test_an_account_without_rules_is_encrypted_and_keeps_nothing_that_is_deleted() -> None:
    assert azure() == StorageRules("Microsoft.Keyvault", False, None, False, None, None, 0)


@pytest.mark.parametrize(
    ("definition", "every", "some"),
    [
        ({}, 30, 30),
        ({"filters": {"blobTypes": ["blockBlob", "appendBlob"], "prefixMatch": ["captures/in"]}}, 30, 30),
        ({"filters": {"blobTypes": ["blockBlob"], "prefixMatch": ["captures/in"]}}, None, 30),
        ({"filters": {"prefixMatch": ["captures/in/loan/blue/"]}}, None, 30),
        ({"filters": {"prefixMatch": ["other/"]}}, None, None),
        ({"filters": {"blobIndexMatch": [{"name": "a", "op": "==", "value": "b"}]}}, None, 30),
        ({"actions": {"baseBlob": {"delete": {"daysAfterLastAccessTimeGreaterThan": 9}}}}, None, None),
    ],
)
def test_only_a_policy_on_all_blobs_of_a_place_deletes_all_of_them(
    definition: dict[str, Any], every: int | None, some: int | None
) -> None:
    found = azure(**policy(**definition))
    assert (found.deleted_after_days, found.some_deleted_after_days) == (every, some)


@pytest.mark.parametrize(
    ("service", "definition", "expected"),
    [
        ({"deleteRetentionPolicy": {"enabled": True, "days": 7}}, {}, (True, 7)),
        ({"isVersioningEnabled": True}, {}, (True, None)),
        (
            {"isVersioningEnabled": True, "deleteRetentionPolicy": {"enabled": True, "days": 7}},
            {"actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 90}}}},
            (True, 97),
        ),
    ],
)
def test_versions_and_what_is_deleted_softly_stay_for_their_time(
    service: dict[str, Any], definition: dict[str, Any], expected: tuple[bool, int | None]
) -> None:
    found = azure(**{"/blobServices/default": service}, **policy(**definition))
    assert (found.earlier_versions, found.gone_after_days) == expected


@pytest.mark.parametrize(("state", "liftable"), [("Locked", False), ("Unlocked", True)])
def test_an_immutability_policy_is_a_lock_that_is_final_once_it_is_locked(state: str, liftable: bool) -> None:
    lock = {"properties": {"immutabilityPeriodSinceCreationInDays": 200, "state": state}}
    found = azure(**{"/blobServices/default/containers/captures": {"immutabilityPolicy": lock}})
    assert (found.locked_days, found.lock_can_be_lifted) == (200, liftable)


def test_accounts_that_are_not_named_are_not_asked_and_a_refusal_is_said() -> None:
    with pytest.raises(InvalidInputError, match="capture_places"):
        AzureStorageInspector(None, ["a/b/other"]).rules(AT)
    with pytest.raises(UnavailableError, match="capture_places"):
        AzureStorageInspector(None, ()).rules(AT)
    with pytest.raises(UnavailableError, match="AuthorizationFailed"):
        azure(**{"": 403})
