"""What registers hold on the models of a report, as files of its evidence package."""

from __future__ import annotations

from collections.abc import Mapping

from syndic.canonical import canonical_json
from syndic.models import to_json
from syndic.ports import Store
from syndic.registers.listing import list_entries
from syndic.registers.risks.file import as_markdown, file_of
from syndic.registers.risks.register import RISKS
from syndic.registers.table import REGISTERS
from syndic.reports.models import ReportContent


def register_files(content: ReportContent, store: Store) -> Mapping[str, bytes]:
    """Entries on each model, by register, and the model's risk management file, as of the report."""
    files: dict[str, bytes] = {}
    for section in content.sections:
        model, folder = section.model, f"models/{section.model.id}/registers"
        for register in REGISTERS:
            entries = [to_json(one) for one in list_entries(register, store, model_id=model.id)]
            if entries and register.in_packages:
                files[f"{folder}/{register.name}.json"] = canonical_json(entries)
        risks = tuple(list_entries(RISKS, store, model_id=model.id))
        if risks:
            evidence = {one.kind: one for one in section.evidence}
            version = model.served_version
            file = file_of(model.id, risks, evidence, name=model.name, version=version, now=content.as_of)
            files[f"{folder}/risk-file.md"] = as_markdown(file).encode()
    return files
