"""``syndic audit verify`` on a package the reports made, and on what a forger makes of it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syndic.adapters.memory import MemoryBus, MemoryStore
from syndic.audit.log import AuditLog
from syndic.canonical import canonical_json
from syndic.cli.shell.frame import run
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.models import AuditEntry, Cloud, Evidence, EvidenceStatus, RegisteredModel, to_json
from syndic.ports import Record
from syndic.records import model_key, put_evidence
from syndic.reports.content.collect import collect
from syndic.reports.evidence.package import deterministic_zip
from syndic.reports.jobs import render
from syndic.reports.models import ReportFormat, ReportRequest

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
MODEL = "car-loan-4d5e6f"
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def packaged() -> bytes:
    store = MemoryStore()
    audit = AuditLog(store)
    model = RegisteredModel(id=MODEL, name="car-loan", cloud=Cloud.AWS, registered_at=NOW - timedelta(days=3))
    store.put(Record(model_key(MODEL), to_json(model)))
    for number in range(5):
        audit.append(
            AuditEntry(
                action="drift.checked",
                actor="syndic/drift",
                subject=f"model/{MODEL}",
                at=NOW - timedelta(hours=9 - number),
                details={"number": number},
            )
        )
    evidence = Evidence(
        kind="drift.run",
        model_id=MODEL,
        status=EvidenceStatus.FAILING,
        summary="car_value drifts",
        source="drift/1",
        sha256="5" * 64,
        produced_at=NOW - timedelta(hours=2),
    )
    put_evidence(store, evidence)
    evaluate_model(MODEL, store=store, audit=audit, bus=MemoryBus(), now=NOW, frameworks=(built_in()["gdpr"],))
    return render(collect(ReportRequest(format=ReportFormat.EVIDENCE), store=store), store=store)


def unpack(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def resealed(files: Files) -> Files:
    """With a manifest that fits: the forger who knows the format."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in files.items()
        if name != "manifest.json"
    }
    return {**files, "manifest.json": canonical_json(manifest)}


def swap_verdict(files: Files) -> Files:
    name = f"models/{MODEL}/evidence/drift.run.json"
    return {**files, name: files[name].replace(b"failing", b"passing")}


def cut_trail(files: Files) -> Files:
    lines = files["audit/entries.jsonl"].splitlines(keepends=True)
    return {**files, "audit/entries.jsonl": b"".join(lines[:-1])}


def drop_entry(files: Files) -> Files:
    lines = files["audit/entries.jsonl"].splitlines(keepends=True)
    return {**files, "audit/entries.jsonl": b"".join(lines[:2] + lines[3:])}


def edit_entry(files: Files) -> Files:
    return {**files, "audit/entries.jsonl": files["audit/entries.jsonl"].replace(b'"number":2', b'"number":7')}


def repeat_entry(files: Files) -> Files:
    lines = files["audit/entries.jsonl"].splitlines(keepends=True)
    return {**files, "audit/entries.jsonl": b"".join([*lines[:3], *lines[2:]])}


def absurd_index(files: Files) -> Files:
    lines = files["audit/entries.jsonl"].splitlines(keepends=True)
    entry = json.loads(lines[-1]) | {"index": 10**11}
    return {**files, "audit/entries.jsonl": b"".join(lines[:-1]) + canonical_json(entry) + b"\n"}


def not_json(files: Files) -> Files:
    return {**files, "audit/entries.jsonl": files["audit/entries.jsonl"] + b"[[[\n"}


def drop_trail(files: Files) -> Files:
    return {name: data for name, data in files.items() if name != "audit/entries.jsonl"}


def edit_report(files: Files) -> Files:
    return {**files, "report.json": files["report.json"].replace(b"car_value drifts", b"car_value is calm")}


def break_report(files: Files) -> Files:
    return {**files, "report.json": b"[" * 100_000}


def add_file(files: Files) -> Files:
    return {**files, "extra.txt": b"hello"}


def drop_file(files: Files) -> Files:
    return {name: data for name, data in files.items() if name != "report.pdf"}


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict[str, Any]]]:
    def call(data: bytes, *options: str) -> tuple[int, dict[str, Any]]:
        path = tmp_path / "package.zip"
        path.write_bytes(data)
        code = run(["audit", "verify", str(path), "--format", "json", *options])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out else {"stderr": out.err}

    return call


def test_a_package_as_it_was_made_is_intact(packaged: bytes, verify: Callable[..., Any]) -> None:
    code, said = verify(packaged)

    assert (code, said["intact"], said["problems"]) == (0, True, [])
    assert said["audit_entries"] >= 5
    assert said["files"] == len(unpack(packaged))


def test_folders_named_by_another_packer_are_no_files(packaged: bytes, verify: Callable[..., Any]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.mkdir("models/")
        for name, data in unpack(packaged).items():
            archive.writestr(name, data)
    code, said = verify(packed.getvalue())
    assert (code, said["problems"], said["files"]) == (0, [], len(unpack(packaged)))


TAMPERINGS = [swap_verdict, cut_trail, drop_entry, edit_entry, repeat_entry, absurd_index, not_json, drop_trail,
              edit_report, break_report]  # fmt: skip


@pytest.mark.parametrize("tamper", [*TAMPERINGS, add_file, drop_file], ids=lambda it: it.__name__)
def test_a_changed_file_is_named(tamper: Callable[[Files], Files], packaged: bytes, verify: Callable[..., Any]) -> None:
    code, said = verify(deterministic_zip(tamper(unpack(packaged))))

    assert code == 1
    assert said["problems"]


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda it: it.__name__)
def test_a_fitting_manifest_does_not_hide_it(
    tamper: Callable[[Files], Files], packaged: bytes, verify: Callable[..., Any]
) -> None:
    code, said = verify(deterministic_zip(resealed(tamper(unpack(packaged)))))

    assert code == 1, said
    assert said["problems"]


def test_each_flipped_byte_of_the_zip_is_noticed_or_refused(packaged: bytes, verify: Callable[..., Any]) -> None:
    with zipfile.ZipFile(io.BytesIO(packaged)) as archive:
        places = [info.header_offset + 60 for info in archive.infolist() if info.compress_size > 60]
    for place in places:
        broken = bytearray(packaged)
        broken[place] ^= 0x55
        assert verify(bytes(broken))[0] in {1, 2}, place


def test_a_package_made_anew_is_told_by_what_was_kept_elsewhere(packaged: bytes, verify: Callable[..., Any]) -> None:
    checkpoint = json.loads(unpack(packaged)["audit/checkpoint.json"])
    kept = f"{checkpoint['index']}:{checkpoint['hash']}"
    digest = hashlib.sha256(packaged).hexdigest()

    assert verify(packaged, "--checkpoint", kept, "--sha256", digest)[0] == 0
    assert verify(packaged, "--checkpoint", f"{checkpoint['index']}:{'0' * 64}")[0] == 1
    assert verify(packaged, "--checkpoint", f"{checkpoint['index'] + 9}:{checkpoint['hash']}")[0] == 1
    assert verify(packaged, "--sha256", "0" * 64)[0] == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"no zip", b"PK\x03\x04", deterministic_zip({"a": b"b"}), deterministic_zip({"manifest.json": b"[]"})],
)
def test_what_is_no_package_is_bad_input(data: bytes, verify: Callable[..., Any]) -> None:
    code, said = verify(data)

    assert code == 2
    assert "package.zip" in said["stderr"]


def test_a_checkpoint_that_is_none_is_bad_input(packaged: bytes, verify: Callable[..., Any]) -> None:
    assert verify(packaged, "--checkpoint", "7:abc")[0] == 2
    assert run(["audit", "verify", "/nowhere.zip"]) == 2


def test_a_package_that_unpacks_to_too_much_is_refused(
    packaged: bytes, verify: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syndic.reports.evidence.verify.LIMIT", 1000)
    code, said = verify(packaged)

    assert code == 2
    assert "unpacked" in said["stderr"]
