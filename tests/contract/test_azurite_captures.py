"""What is special about captured traffic in Blob storage."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from azure.storage.blob import ContainerClient

from syndic.adapters.azure import BlobCaptures, StorageClients
from syndic.errors import ConflictError, InvalidInputError, UnavailableError
from syndic.models import TimeWindow, WindowLength
from syndic.ports import ObjectInfo
from tests.contract.subjects import CaptureSubject

pytestmark = [pytest.mark.emulator, pytest.mark.parametrize("captures", ["azurite"], indirect=True)]
NEW_YEAR = datetime(2020, 1, 1, tzinfo=UTC)


def names(items: Iterator[ObjectInfo]) -> list[str]:
    return [item.uri.rsplit("/model_inputs/", 1)[-1] for item in items]


def test_files_of_any_rolling_rate_are_in_the_window_in_which_their_span_begins(captures: CaptureSubject) -> None:
    folders = ["2019", "2019/12/31/23/59", "2020", "2020/01", "2020/01/01", "2020/01/01/00", "2020/01/01/00/00"]
    folders += ["2020/01/01/00/59", "2020/01/01/01", "2020/01/02", "2020/02"]
    files = [f"{folder}/a.jsonl" for folder in folders]
    for file in files:
        captures.write(f"{captures.capture.uri}/car-loan/blue/model_inputs/{file}", b"{}\n")

    def found(window: TimeWindow) -> list[str]:
        return names(captures.reader.objects(captures.endpoint, captures.capture, window))

    assert found(WindowLength.HOUR.around(NEW_YEAR)) == sorted(files[2:8])
    assert found(WindowLength.DAY.around(NEW_YEAR)) == sorted(files[2:9])
    assert found(WindowLength.MONTH.around(NEW_YEAR)) == sorted(files[2:10])
    assert found(WindowLength.HOUR.around(NEW_YEAR + timedelta(hours=1))) == [files[8]]
    assert found(WindowLength.HOUR.around(NEW_YEAR - timedelta(hours=1))) == [files[1]]


def test_every_collection_of_every_deployment_is_found(captures: CaptureSubject) -> None:
    files = [
        f"{captures.capture.uri}/car-loan/{deployment}/{collection}/2020/01/01/00/a.jsonl"
        for deployment in ("blue", "green")
        for collection in ("model_inputs", "model_outputs", "request")
    ]
    for file in files:
        captures.write(file, b"{}\n")
    window = WindowLength.HOUR.around(NEW_YEAR)
    assert [one.uri for one in captures.reader.objects(captures.endpoint, captures.capture, window)] == files


def test_what_only_stands_for_a_folder_is_no_file(captures: CaptureSubject, container: ContainerClient) -> None:
    root = f"{captures.capture.uri}/car-loan/blue/model_inputs".removeprefix(f"{container.url}/")
    for directory in ("2020/01/01", "2020/01/01/00"):  # as accounts with a hierarchical namespace list them
        container.upload_blob(f"{root}/{directory}", b"", metadata={"hdi_isfolder": "true"}, overwrite=True)
    container.upload_blob(f"{root}/2020/01/01/00/a.jsonl", b"{}\n")
    window = WindowLength.DAY.around(NEW_YEAR)
    expected = ["2020/01/01/00/a.jsonl"]
    assert names(captures.reader.objects(captures.endpoint, captures.capture, window)) == expected
    assert names(captures.reader.part(captures.endpoint, captures.capture, after=None, calls=1).files) == expected


def test_a_file_that_grew_since_it_was_listed_is_said_not_mixed(
    captures: CaptureSubject, container: ContainerClient
) -> None:
    name = f"{captures.root}/car-loan/a.jsonl".removeprefix(f"{container.url}/")
    blob = container.get_blob_client(name)
    blob.create_append_blob()
    blob.append_block(b"one\n")
    listed = ObjectInfo(f"{container.url}/{name}", 4, str(blob.get_blob_properties().etag).strip('"'), NEW_YEAR)
    assert b"".join(captures.reader.open(listed)) == b"one\n"
    blob.append_block(b"two\n")
    with pytest.raises(ConflictError, match="list it again"):
        list(captures.reader.open(listed))
    properties = blob.get_blob_properties()
    grown = ObjectInfo(listed.uri, properties.size, str(properties.etag).strip('"'), NEW_YEAR)
    assert b"".join(captures.reader.open(grown, offset=listed.size)) == b"two\n"


@pytest.mark.parametrize("name", ["a b.jsonl", "a#b?c.jsonl", "100%41.jsonl", "Grüße 東京.jsonl", "a+b.jsonl"])
def test_a_file_of_any_name_is_read_at_the_address_it_was_listed_under(
    captures: CaptureSubject, container: ContainerClient, name: str
) -> None:
    folder = f"{captures.capture.uri}/car-loan/blue/model_inputs/2020/01/01/00".removeprefix(f"{container.url}/")
    container.upload_blob(f"{folder}/{name}", name.encode())
    (item,) = captures.reader.objects(captures.endpoint, captures.capture, WindowLength.HOUR.around(NEW_YEAR))
    assert b"".join(captures.reader.open(item)) == name.encode()
    assert captures.reader.table(item.uri) == name.encode()


def test_only_allowed_accounts_are_read(captures: CaptureSubject, azure_clients: StorageClients) -> None:
    reader = BlobCaptures(azure_clients.blobs_of, accounts=["another"])
    with pytest.raises(UnavailableError, match="capture_accounts"):
        reader.table(f"{captures.root}/a.csv")
    with pytest.raises(UnavailableError, match="storage_connection"):
        BlobCaptures(azure_clients.blobs_of).table(
            f"https://other{uuid.uuid4().hex[:6]}.blob.core.windows.net/captured/a"
        )
    with pytest.raises(InvalidInputError):
        BlobCaptures(azure_clients.blobs_of).table("https://evil.example.org/c/a")
