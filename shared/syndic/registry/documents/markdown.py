"""Model cards and data sheets as Markdown for the Hugging Face hub: metadata in front, then every section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import yaml

from syndic import __version__
from syndic.registry.documents import card as cards
from syndic.registry.documents import data_sheet as sheets
from syndic.registry.documents.card import ModelCard, is_empty
from syndic.registry.documents.card_statements import in_words
from syndic.registry.documents.data_sheet import DataSheet

NOT_ON_RECORD: Final = "not on record"
_ALIVE: Final = re.compile(r"[\\`*~\[\]]")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}  # no renderer takes these for HTML, not even one of HTML
_LINK: Final = re.compile(r"(?i)\b(www(?=\.)|(?:https?|ftp|mailto|xmpp|javascript|vbscript|data|file)\s*(?=:))(.)")
"""What hubs make links of by themselves, and what no page may link to."""
_STEPS: Final = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")
_SIZES: Final = (
    (10**3, "n<1K"),
    *((10 ** (4 + n), f"{low}<n<{high}") for n, (low, high) in enumerate(pairwise(_STEPS))),
)
"""Number of rows below which, and the hub's word for it."""


def card_markdown(card: ModelCard) -> str:
    """A README.md with Hugging Face metadata in front. Per-group numbers have no place in it, so they are tables."""
    details = card.model_details
    results = [
        {"type": name, "value": value, "name": name} for name, value in card.metrics.model_performance_measures.items()
    ]
    front: dict[str, Any] = {"library_name": details.training_framework, "tags": ["syndic"], "datasets": None}
    front = {key: value for key, value in front.items() if value}
    if results:
        dataset = {"type": "private", "name": card.evaluation_data.description or "evaluation data"}
        task = {"type": in_words(details.model_type) if details.model_type else "other"}
        index = {"name": details.model_name, "results": [{"task": task, "dataset": dataset, "metrics": results}]}
        front["model-index"] = [index]
    lines = _head(front, f"{details.model_name}, version {details.model_version}", "card", card.missing)
    for section in cards.SECTIONS:
        lines += _section(section, getattr(card, section))
    if card.hyperparameters:
        lines += ["## Hyperparameters", *_entry("Parameter", card.hyperparameters)]
    if card.also_said:
        lines += ["## Also said", *_entry("Also said", card.also_said)]
    return _ended(lines, card.made_at)


def data_sheet_markdown(sheet: DataSheet) -> str:
    """A README.md of the data with the Hugging Face hub's metadata of data sets in front."""
    rows = sheet.composition.rows
    front = {
        "license": sheet.maintenance.licence,
        "size_categories": [] if rows is None else [_size(rows)],
        "tags": ["syndic"],
    }
    title = f"Training data of {sheet.model_name}, version {sheet.model_version}"
    lines = _head({key: value for key, value in front.items() if value}, title, "sheet", sheet.missing)
    for section in sheets.SECTIONS:
        lines += _section(section, getattr(sheet, section))
    lines += ["## Monitoring", "", *_entry("Monitoring", sheet.monitoring)]
    return _ended(lines, sheet.made_at)


def _size(rows: int) -> str:
    """The hub's word for a number of rows."""
    for most, name in _SIZES:
        if rows < most:
            return name
    return "n>1T"


def _head(front: Mapping[str, Any], title: str, what: str, missing: Sequence[str]) -> list[str]:
    lines = ["---", yaml.safe_dump(dict(front), sort_keys=False, allow_unicode=True).rstrip(), "---", ""]
    lines += [f"# {_line(title)}", ""]
    return [*lines, f"> This {what} is not complete. Missing: {', '.join(missing)}.", ""] if missing else lines


def _section(name: str, fields: Iterable[tuple[str, Any]]) -> list[str]:
    lines = [f"## {name.replace('_', ' ').capitalize()}", ""]
    for field, value in fields:
        lines += _entry(field.replace("_", " ").capitalize(), value)
    return [*lines, ""]


def _ended(lines: Sequence[str], made_at: datetime) -> str:
    end = f"Made by Syndic {__version__} at {made_at:%Y-%m-%d %H:%M} UTC from the registry and live monitoring."
    return "\n".join([*lines, end]) + "\n"


def _entry(name: str, value: Any) -> list[str]:
    if is_empty(value):
        return [f"- **{name}**: {NOT_ON_RECORD}"]
    if name == "Monitoring":
        rows = [
            f"| {_cell(m.kind)} | {m.status} | {_cell(m.summary)} | {m.produced_at:%Y-%m-%d %H:%M} UTC |" for m in value
        ]
        return ["", "| check | state | what it found | when |", "|---|---|---|---|", *rows, ""]
    if isinstance(value, dict):
        rows = [f"| {_cell(key)} | {_number(item)} |" for key, item in value.items()]
        return ["", f"| {name.lower()} | value |", "|---|---|", *rows, ""]
    if isinstance(value, tuple | list):
        return [f"- **{name}**: {', '.join(_line(in_words(item)) for item in value)}"]
    return [f"- **{name}**: {_line(in_words(value))}"]


def _number(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else _cell(in_words(value))


def _line(value: object) -> str:
    """Text on one line, as it was written: no link, image or HTML of somebody's name or description comes alive."""
    text = re.sub("[&<>]", lambda found: _ENTITIES[found[0]], " ".join(str(value).split()))
    text = _LINK.sub(lambda found: f"{found[1]}&#{ord(found[2])};", text)
    return _ALIVE.sub(r"\\\g<0>", text)


def _cell(value: object) -> str:
    return _line(value).replace("|", "\\|")
