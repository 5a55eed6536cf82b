"""What registers hold on the models of a report, as files of its evidence package."""

from __future__ import annotations

from collections.abc import Mapping

from syndic.canonical import canonical_json
from syndic.models import to_json
from syndic.ports import Store
from syndic.registers.across import LISTED, Held, entries_on
from syndic.registers.risks.file import as_markdown, file_of
from syndic.registers.risks.models import Risk
from syndic.reports.models import ReportContent


def held_entries(content: ReportContent, store: Store) -> Mapping[str, Held]:
    """What every register holds on each model of a report, read once for all files that tell of it."""
    read = store.get_many([LISTED.mark])
    return {section.model.id: entries_on(section.model.id, store, read=read) for section in content.sections}


def register_files(content: ReportContent, held: Mapping[str, Held]) -> Mapping[str, bytes]:
    """Entries on each model, by register, and the model's risk management file, as of the report."""
    files: dict[str, bytes] = {}
    for section in content.sections:
        model, folder = section.model, f"models/{section.model.id}/registers"
        for register, entries in held[model.id]:
            if entries and register.in_packages:
                files[f"{folder}/{register.name}.json"] = canonical_json([to_json(one) for one in entries])
        risks = tuple(one for _, entries in held[model.id] for one in entries if isinstance(one, Risk))
        if risks:
            evidence = {one.kind: one for one in section.evidence}
            version = model.served_version
            file = file_of(model.id, risks, evidence, name=model.name, version=version, now=content.as_of)
            files[f"{folder}/risk-file.md"] = as_markdown(file).encode()
    return files
