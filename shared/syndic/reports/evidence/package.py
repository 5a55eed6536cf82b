"""Zip files that are the same bytes for the same content, and the evidence package made of them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any, Final

from syndic.canonical import canonical_json
from syndic.models import to_json
from syndic.ports import Store
from syndic.records import iterate
from syndic.reports.formats.cyclonedx import report_cyclonedx
from syndic.reports.formats.html import report_html
from syndic.reports.formats.json_csv import report_csv, report_json
from syndic.reports.formats.oscal import oscal_files
from syndic.reports.formats.pdf import report_pdf
from syndic.reports.models import ReportContent

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
MANIFEST: Final = "manifest.json"
AUDIT_LOG: Final = "audit/entries.jsonl"
CHECKPOINT: Final = "audit/checkpoint.json"

README: Final = """Evidence package

manifest.json     SHA-256 and size of every other file in this package
report.pdf        the report; report.html, report.json and report.csv say the same
oscal/            OSCAL assessment plan and results
cyclonedx.json    CycloneDX declarations
models/<id>/what-is-owed.md what is met and what is not, why, by when and who: read this first
models/<id>/      the model's record, its statuses and each piece of evidence as it was stored
models/<id>/registers/ entries of the registers that are on the model, and its risk management file
organisation/     evidence on the organisation
audit/            the audit trail from its first entry to the checkpoint that the report names

To check it: compare each file's SHA-256 with manifest.json, then verify the hash chain of the audit trail:
    syndic audit verify PACKAGE.zip
"""


def deterministic_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip with sorted names, one fixed date and fixed rights: the same files are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # otherwise the machine's own
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
    return out.getvalue()


def evidence_package(content: ReportContent, *, store: Store, attached: Mapping[str, bytes] | None = None) -> bytes:
    """Report, raw evidence and audit trail in one zip with a manifest.

    Args:
        content: What the report says.
        store: Where the audit trail lies.
        attached: Further files by name, such as what registers hold on the models.
    """
    files: dict[str, bytes] = {
        "README.txt": README.encode(),
        "report.pdf": report_pdf(content),
        "report.html": report_html(content),
        "report.json": report_json(content),
        "report.csv": report_csv(content),
        "cyclonedx.json": report_cyclonedx(content),
        **{f"oscal/{name}": data for name, data in oscal_files(content).items()},
    }
    for section in content.sections:
        folder = f"models/{section.model.id}"
        files[f"{folder}/model.json"] = canonical_json(section.model)
        for status in section.statuses:
            files[f"{folder}/statuses/{status.framework_id}.json"] = canonical_json(status)
        for evidence in section.evidence:
            files[f"{folder}/evidence/{evidence.kind}.json"] = canonical_json(evidence)
        for signature in section.attestations:
            files[f"{folder}/attestations/{signature.topic}.{signature.id}.json"] = canonical_json(signature)
    for evidence in content.organisation:
        files[f"organisation/evidence/{evidence.kind}.json"] = canonical_json(evidence)
    files |= attached or {}
    if content.checkpoint is not None:
        files[AUDIT_LOG] = b"".join(_audit(store, content.checkpoint.index))
        files[CHECKPOINT] = canonical_json(to_json(content.checkpoint))
    files[MANIFEST] = canonical_json(manifest_of(content, files))
    return deterministic_zip(files)


def manifest_of(content: ReportContent, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest: what each file's bytes hash to."""
    return {
        "report_id": content.id,
        "as_of": content.as_of.isoformat(),
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in sorted(files.items())
            if name != MANIFEST
        },
    }


def _audit(store: Store, last: int) -> Iterable[bytes]:
    """Entries as they are stored, one a line, up to the checkpoint. They hold aggregates and hashes, no rows."""
    for record in iterate(store, "audit", prefix="entry."):
        if record.body["index"] > last:
            return
        yield canonical_json(dict(record.body)) + b"\n"
