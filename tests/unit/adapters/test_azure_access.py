"""Azure's addresses, tokens and links: which host gets which, signed for how long."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.adapters.azure import BlobArchive, BlobCaptures, StorageClients
from syndic.adapters.azure.addresses import blob_address, read_address
from syndic.errors import (
    ConflictError,
    InvalidInputError,
    UnavailableError,
)
from syndic.settings import AzureSettings

NOW = datetime(2026, 11, 21, tzinfo=UTC)

# --- addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "service", "account"),
    [
        ("https://acc.blob.core.windows.net/con/a/b", "https://acc.blob.core.windows.net", "acc"),
        ("https://ACC.blob.core.windows.net/con/a/b", "https://acc.blob.core.windows.net", "acc"),
        ("https://acc.z12.blob.storage.azure.net/con/a/b", "https://acc.z12.blob.storage.azure.net", "acc"),
        (
            "http://127.0.0.1:10000/devstoreaccount1/con/a/b",
            "http://127.0.0.1:10000/devstoreaccount1",
            "devstoreaccount1",
        ),
    ],
)
def test_an_address_names_account_container_and_blob(uri: str, service: str, account: str) -> None:
    at = read_address(uri)
    assert (at.service, at.account, at.container, at.name) == (service, account, "con", "a/b")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "s3://bucket/key",
        "http://acc.blob.core.windows.net/con/a",  # a token must not travel in the clear
        "https://acc.blob.core.windows.net.evil.org/con/a",
        "https://evil.org/acc.blob.core.windows.net/con/a",
        "https://acc.evil.org/con/a",
        "https://acc.blob.core.windows.net@evil.org/con/a",
        "https://user@acc.blob.core.windows.net/con/a",
        "https://acc.blob.core.windows.net:8443/con/a",
        "https://127.0.0.1:10000/devstoreaccount1/con/a",
        "http://169.254.169.254/metadata/identity",
        "https://acc.blob.core.windows.net/con/a?sig=x",
        "https://acc.blob.core.windows.net/con/a#x",
        "https://acc.blob.core.windows.net",
        "https://acc.blob.core.windows.net/",
        "https://acc.blob.core.windows.net/UPPER/a",
        "https://acc.dfs.core.windows.net/con/a",
        "https://acc.blob.core.windows.net:port/con/a",
        "https://[::1/con/a",
    ],
)
def test_an_address_that_is_not_the_storage_services_gets_no_token(uri: str) -> None:
    with pytest.raises(InvalidInputError):
        read_address(uri)
    with pytest.raises(InvalidInputError):
        BlobCaptures(lambda _: pytest.fail("asked for a client")).table(uri)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_the_address_of_a_blob_gives_its_name_back(name: str) -> None:
    assert read_address(blob_address("https://acc.blob.core.windows.net/con", name)).name == name


# --- clients -----------------------------------------------------------------------------------------


class Credential:
    """An identity that must not be asked."""

    def get_token(self, *_scopes: str, **_options: Any) -> Any:
        raise AssertionError


SETTINGS = {"storage_account": "results", "table_name": "t", "archive_container": "archive", "ml_workspaces": "s/g/w"}


def test_in_azure_clients_reach_the_account_over_tls_with_the_identity() -> None:
    clients = StorageClients.of(AzureSettings(**SETTINGS))
    assert clients.table("syndic").url == "https://results.table.core.windows.net"
    assert clients.container("archive").url == "https://results.blob.core.windows.net/archive"
    assert clients.queue("syndic-drift").url == "https://results.queue.core.windows.net/syndic-drift"
    assert clients.queue("syndic-drift") is clients.queue("syndic-drift")
    assert clients.blobs_of("https://ml123.blob.core.windows.net").account_name == "ml123"


def test_a_token_goes_to_no_other_host_and_an_emulators_key_to_no_other_account() -> None:
    clients = StorageClients("results", credential=Credential())  # type: ignore[arg-type]
    for address in ("http://127.0.0.1:10000/devstoreaccount1", "https://evil.org", "http://acc.blob.core.windows.net"):
        with pytest.raises(InvalidInputError):
            clients.blobs_of(address)
    connection = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
        "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;"
    )
    emulator = StorageClients("devstoreaccount1", connection=connection)
    assert emulator.blobs_of("http://127.0.0.1:10000/devstoreaccount1").account_name == "devstoreaccount1"
    with pytest.raises(UnavailableError):
        emulator.blobs_of("https://acc.blob.core.windows.net")
    with pytest.raises(InvalidInputError):
        StorageClients("results")


def test_a_link_is_signed_by_the_key_that_the_service_lends_for_its_time() -> None:
    asked: list[tuple[datetime, datetime]] = []

    class Container:
        url, account_name, container_name = "https://results.blob.core.windows.net/archive", "results", "archive"

        def get_blob_client(self, name: str) -> Any:
            blob = {"name": name, "size": 1, "etag": '"e"', "last_modified": NOW}
            return type("Blob", (), {"get_blob_properties": lambda _: type("Properties", (), blob)})()

    def lend(begin: datetime, end: datetime) -> dict[str, Any]:
        asked.append((begin, end))
        key = dict.fromkeys(("signed_oid", "signed_tid", "signed_start", "signed_expiry", "signed_service"), "x")
        key |= {"signed_version": "2020-02-10", "value": base64.b64encode(b"key").decode()}
        key |= {"signed_delegated_user_tid": None}
        return {"user_delegation_key": type("Key", (), key)}

    archive = BlobArchive(Container(), signing=lend, now=lambda: NOW)  # type: ignore[arg-type]
    link = urlsplit(archive.link("reports/a b.pdf", seconds=60))
    query = parse_qs(link.query)
    assert link.path == "/archive/reports/a%20b.pdf"
    assert query["sp"] == ["r"]
    assert query["se"] == ["2026-11-21T00:01:00Z"]
    assert query["skoid"] == ["x"]
    assert query["rscd"] == ['attachment; filename="a_b.pdf"']
    assert asked == [(NOW - timedelta(minutes=5), NOW + timedelta(seconds=60))]
    with pytest.raises(ConflictError, match="no key"):
        BlobArchive(Container()).link("a")  # type: ignore[arg-type]
