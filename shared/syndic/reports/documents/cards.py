"""Model cards as PDF and HTML, data sheets as HTML. The registry fills them; here their JSON is set.

A card is asked for as a report job that names the card's JSON in the archive, so that the worker sets exactly what
was on record when it was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from syndic.canonical import canonical_json, sha256_of
from syndic.errors import InvalidInputError, NotFoundError
from syndic.ports import Archive
from syndic.reports.content.view import View
from syndic.reports.content.wording import minute
from syndic.reports.formats import html
from syndic.reports.formats.pdf import typeset

SECTIONS: Final = (
    "model_details", "intended_use", "factors", "metrics", "training_data", "evaluation_data",
    "ethical_considerations", "caveats_and_recommendations", "hyperparameters", "also_said",
)  # fmt: skip
TABLES: Final = {"hyperparameters": "Parameter", "also_said": "What it is about"}
"""Sections that are one table, left out when they are empty, and the heading of their names."""
SHEET_SECTIONS: Final = (
    "motivation", "composition", "collection", "preparation", "uses", "maintenance", "monitoring",
)  # fmt: skip
NOTE: Final = "Filled from the registry and from live monitoring. What is missing is marked."
MONITORED: Final = frozenset({"kind", "status", "summary", "produced_at", "facts"})
TONES: Final = {"missing": ' class="not_met"', "absent": ' class="not_applicable"', "": ""}
LABELS: Final = {"dataset_sha256": "Dataset SHA-256"}

Field = tuple[str, str, str]
"""Label, content, and the class of its state: ``missing``, ``absent`` (nothing to tell, which is fine) or empty."""


def keep_card(card: Mapping[str, Any], *, archive: Archive) -> str:
    """Keep a card's JSON and return its name. The same content, made at another time, is the card kept before."""
    name = f"cards/{card_id(card)}.json"
    try:
        archive.get(name)
    except NotFoundError:
        archive.put(name, canonical_json(card), content_type="application/json")
    return name


def read_card(name: str, *, archive: Archive) -> dict[str, Any]:
    """A kept card. Raises `NotFoundError`, or `InvalidInputError` when it is not what was kept."""
    card = json.loads(archive.get(name))
    if not isinstance(card, dict) or name != f"cards/{card_id(card)}.json":
        raise InvalidInputError("the card is not the one that was kept", where=name)
    return card


def card_id(card: Mapping[str, Any]) -> str:
    """The same for the same content, whenever it was made."""
    return sha256_of({key: value for key, value in card.items() if key != "made_at"})[:32]


def card_pdf(card: Mapping[str, Any]) -> bytes:
    """The card as PDF/A and PDF/UA. The same card gives the same bytes."""
    return typeset("card.typ", card_view(card), at=int(_made_at(card).timestamp()))


def card_html(card: Mapping[str, Any]) -> bytes:
    """The card as one HTML file without script or outside resource."""
    return _page(card_view(card), "Card")


def data_sheet_html(sheet: Mapping[str, Any]) -> bytes:
    """A data sheet as such a file."""
    subject = f"training data of {sheet.get('model_name')}, version {sheet.get('model_version')}"
    monitoring = {"monitoring": {"monitoring": sheet.get("monitoring")}}
    return _page(_view({**sheet, **monitoring}, "Data sheet", subject, SHEET_SECTIONS), "Sheet")


def _page(view: View, what: str) -> bytes:
    body = [
        f"<h1>{html.text(view['title'])}: {html.text(view['subject'])}</h1>",
        f"<p>{html.text(view['note'])} As of {html.text(view['as_of'])}.</p>",
    ]
    if view["missing"]:
        body.append(f'<p><strong class="not_met">Not complete.</strong> Missing: {html.text(view["missing"])}.</p>')
    for section in view["sections"]:
        body.append(f"<h2>{html.text(section['title'])}</h2>")
        if section["fields"]:
            rows = "".join(
                f'<tr><th scope="row">{html.text(label)}</th><td{TONES[state]}>{html.text(content)}</td></tr>'
                for label, content, state in section["fields"]
            )
            head = '<thead><tr><th scope="col">Field</th><th scope="col">Content</th></tr></thead>'
            body.append(f'<div class="wide"><table>{head}<tbody>{rows}</tbody></table></div>')
        body += [html.table(it["head"], it["rows"], caption=it["title"]) for it in section["tables"]]
    body.append(f"<p><small>{what} {html.text(view['id'])}</small></p>")
    return html.page(f"{view['title']}: {view['subject']}", body)


def card_view(card: Mapping[str, Any]) -> View:
    """The card as plain values, ready to be set."""
    details = _mapping(card.get("model_details"))
    return _view(card, "Model card", f"{details.get('model_name')}, version {details.get('model_version')}", SECTIONS)


def _view(card: Mapping[str, Any], title: str, subject: str, sections: Sequence[str]) -> View:
    missing = {str(name) for name in card.get("missing") or ()}
    return {
        "title": title,
        "subject": subject,
        "id": card_id(card),
        "as_of": minute(_made_at(card)),
        "note": NOTE,
        "missing": _missing(missing, sections),
        "sections": [
            {
                "title": _words(name),
                "fields": [list(field) for field in _fields(name, _mapping(card.get(name)), missing)],
                "tables": list(_tables(name, _mapping(card.get(name)))),
            }
            for name in sections
            if name not in TABLES or card.get(name)
        ],
    }


def _fields(section: str, values: Mapping[str, Any], missing: set[str]) -> Iterator[Field]:
    if section in TABLES:
        return
    for name, value in values.items():
        if value is None or value == "" or value in ([], {}):
            lacks = f"{section}.{name}" in missing
            yield _words(name), "missing" if lacks else "not on record", "missing" if lacks else "absent"
        elif isinstance(value, list) and not _is_monitoring(value):
            yield _words(name), ", ".join(map(_shown, value)), ""
        elif not isinstance(value, dict | list):
            yield _words(name), _shown(value), ""


def _tables(section: str, values: Mapping[str, Any]) -> Iterator[View]:
    if section in TABLES:
        yield {
            "title": "",
            "head": [TABLES[section], "Value"],
            "rows": [[key, _shown(it)] for key, it in values.items()],
        }
        return
    for name, value in values.items():
        if isinstance(value, dict) and value:
            rows = [[str(key), _shown(item)] for key, item in value.items()]
            yield {"title": _words(name), "head": ["Name", "Value"], "rows": rows}
        elif isinstance(value, list) and _is_monitoring(value):
            rows = [
                [str(it.get("kind")), str(it.get("status")), str(it.get("summary")), minute(_time(it["produced_at"]))]
                for it in value
            ]
            yield {"title": _words(name), "head": ["Check", "State", "What it found", "When"], "rows": rows}


def _is_monitoring(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(item, dict) and item.keys() >= MONITORED for item in value)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _missing(names: set[str], sections: Sequence[str]) -> str:
    """The missing fields in words, section by section."""
    parts = []
    for section in sections:
        fields = sorted(name.partition(".")[2] for name in names if name.partition(".")[0] == section)
        if fields:
            parts.append(f"{_words(section)}: {', '.join(_words(field) for field in fields)}")
    return "; ".join(parts)


def _words(name: str) -> str:
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _made_at(card: Mapping[str, Any]) -> datetime:
    return _time(str(card["made_at"]))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
