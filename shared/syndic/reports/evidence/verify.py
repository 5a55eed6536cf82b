"""Checking an evidence package offline: its files against the manifest, and its parts against each other.

What this shows is that the package is whole and consistent. Whoever makes a package can make another one that is
consistent too; only a hash that was kept elsewhere tells the two apart.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from syndic.canonical import canonical_json
from syndic.errors import InvalidInputError, TooLargeError
from syndic.models import Noun
from syndic.reports.evidence.package import AUDIT_LOG, CHECKPOINT, MANIFEST
from syndic.reports.models import Checkpoint, ReportContent
from syndic.zip_errors import DAMAGED

LIMIT: Final = 1024**3
"""Most bytes a package may hold unpacked."""


@dataclass(frozen=True, slots=True)
class PackageProblem:
    """Something in a package that is not as the package says."""

    file: str
    detail: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was read. `trail` are the audit entries as stored; `checkpoint` is the one the report names."""

    report_id: str
    files: int
    problems: tuple[PackageProblem, ...]
    checkpoint: Checkpoint | None
    trail: tuple[Mapping[str, Any], ...]


class _Listed(Noun):
    sha256: str
    size: int


class _Manifest(Noun):
    report_id: str
    as_of: str
    files: dict[str, _Listed]


def read_package(data: bytes, *, where: str) -> Package:
    """Read a package and check it. Raises `InvalidInputError` when it is no evidence package at all."""
    problems: list[PackageProblem] = []
    found = _unpacked(data, where, problems)
    if MANIFEST not in found:
        raise InvalidInputError(f"holds no {MANIFEST}: it is no evidence package", where=where)
    try:
        manifest = _Manifest.model_validate_json(found[MANIFEST])
    except ValidationError as error:
        raise InvalidInputError("is not the manifest of an evidence package", where=f"{where}: {MANIFEST}") from error
    problems += _against_manifest(found, manifest)
    content = _content(found.get("report.json", b""))
    if content is None:
        problems.append(PackageProblem("report.json", "cannot be read"))
        return Package(manifest.report_id, len(found), tuple(problems), None, ())
    problems += _against_report(found, manifest, content)
    trail = _trail(found.get(AUDIT_LOG, b""), problems)
    return Package(manifest.report_id, len(found), tuple(problems), content.checkpoint, trail)


def _unpacked(data: bytes, where: str, problems: list[PackageProblem]) -> dict[str, bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED as error:
        raise InvalidInputError("is no zip file, or it is cut", where=where) from error
    found: dict[str, bytes] = {}
    with archive:
        if sum(info.file_size for info in archive.infolist()) > LIMIT:
            raise TooLargeError(f"{where} holds more than {LIMIT >> 20} MB unpacked")
        for info in archive.infolist():
            if info.is_dir() and not info.file_size:
                continue  # packed again by hand, a zip names its folders too; they hold nothing
            if info.filename in found:
                problems.append(PackageProblem(info.filename, "is in the package twice"))
                continue
            try:
                found[info.filename] = archive.read(info)
            except DAMAGED:
                found[info.filename] = b""
                problems.append(PackageProblem(info.filename, "is damaged"))
    return found


def _against_manifest(found: Mapping[str, bytes], manifest: _Manifest) -> Iterator[PackageProblem]:
    for name in sorted({*found, *manifest.files} - {MANIFEST}):
        listed, data = manifest.files.get(name), found.get(name)
        if data is None:
            yield PackageProblem(name, "is in the manifest and not in the package")
        elif listed is None:
            yield PackageProblem(name, "is in the package and not in the manifest")
        elif hashlib.sha256(data).hexdigest() != listed.sha256 or len(data) != listed.size:
            yield PackageProblem(name, "is not the file that the manifest names: its SHA-256 differs")


def _content(data: bytes) -> ReportContent | None:
    try:
        body = json.loads(data)
        body.pop("id")
        return ReportContent.model_validate(body)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


def _against_report(
    found: Mapping[str, bytes], manifest: _Manifest, content: ReportContent
) -> Iterator[PackageProblem]:
    """The report's own hash, and each raw piece beside what the report shows of it."""
    if not content.id == manifest.report_id == json.loads(found["report.json"])["id"]:
        yield PackageProblem("report.json", f"is another report than {manifest.report_id}: its content hash differs")
    pieces: dict[str, object] = {
        f"organisation/evidence/{evidence.kind}.json": evidence for evidence in content.organisation
    }
    for section in content.sections:
        folder = f"models/{section.model.id}"
        pieces[f"{folder}/model.json"] = section.model
        pieces |= {f"{folder}/evidence/{evidence.kind}.json": evidence for evidence in section.evidence}
        pieces |= {f"{folder}/statuses/{status.framework_id}.json": status for status in section.statuses}
        pieces |= {f"{folder}/attestations/{one.topic}.{one.id}.json": one for one in section.attestations}
    if content.checkpoint is not None:
        pieces[CHECKPOINT] = content.checkpoint
        if AUDIT_LOG not in found:
            yield PackageProblem(AUDIT_LOG, "is missing, and the report names a checkpoint in it")
    for name, piece in pieces.items():
        if found.get(name) != canonical_json(piece):
            yield PackageProblem(name, "is not what the report shows")


def _trail(data: bytes, problems: list[PackageProblem]) -> tuple[Mapping[str, Any], ...]:
    entries: list[Mapping[str, Any]] = []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if not isinstance(entry, dict):
            problems.append(PackageProblem(AUDIT_LOG, f"line {number} is no entry"))
            entry = {}
        entries.append(entry)
    return tuple(entries)
