"""The gate's judgement in files that pipelines show: a job summary in Markdown, SARIF for code scanning."""

from __future__ import annotations

import json
from typing import Any, Final

import syndic
from syndic.registry.models import GateResult

SARIF: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def gate_summary(result: GateResult) -> str:
    """The judgement as Markdown."""
    word = "may reach" if result.passed else "is refused for"
    lines = [
        f"## {_cell(result.model_id)} version {_cell(result.version)} {word} {result.target}",
        "",
        f"Judged by the policy `{_cell(result.policy)}` at {result.judged_at:%Y-%m-%d %H:%M} UTC.",
        "",
        "| condition | met | reason | remedy |",
        "| --- | --- | --- | --- |",
    ]
    for one in result.conditions:
        met = "waived" if one.waived_by else "yes" if one.met else "**no**"
        lines.append(f"| {_cell(one.name)} | {met} | {_cell(one.reason)} | {_cell(one.remedy or '')} |")
    return "\n".join(lines) + "\n"


def gate_sarif(result: GateResult) -> str:
    """Each unmet condition as a result of SARIF 2.1.0, so that code scanning lists it."""
    unmet = result.unmet
    rules = [{"id": one.name, "shortDescription": {"text": one.name}} for one in result.conditions]
    place = f"models/{result.model_id}/versions/{result.version}"
    found: list[dict[str, Any]] = [
        {
            "ruleId": one.name,
            "ruleIndex": [rule["id"] for rule in rules].index(one.name),
            "level": "error",
            "message": {"text": f"{one.reason}. {one.remedy or ''}".strip()},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": place}, "region": {"startLine": 1}}}],
            "partialFingerprints": {"condition/v1": f"{place}/{result.target}/{one.name}"},
        }
        for one in unmet
    ]
    driver = {"name": "syndic", "semanticVersion": syndic.__version__, "rules": rules}
    run = {"tool": {"driver": driver}, "results": found, "columnKind": "unicodeCodePoints"}
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    for sign in "\\|<`[":
        flat = flat.replace(sign, f"\\{sign}")
    return flat
