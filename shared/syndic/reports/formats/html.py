"""The report as one HTML file: no script, no outside resource, readable by a screen reader and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from syndic.reports.content.view import View, view_of
from syndic.reports.models import ReportContent

STYLE: Final = """
:root{--ink:#1d2733;--accent:#1f3a5f;--quiet:#56616d;--rule:#c9d0d7;--band:#f3f5f7}
body{font:16px/1.5 Georgia,"Libertinus Serif",serif;color:var(--ink);max-width:66rem;margin:0 auto;padding:2rem 1.25rem}
h1,h2,h3{color:var(--accent);line-height:1.25}h1{font-size:2rem}h2{margin-top:3rem}h3{margin-top:2rem}
table{border-collapse:collapse;width:100%;font-size:.875rem;margin:.75rem 0}caption{text-align:left;color:var(--quiet)}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid var(--rule)}
thead th{background:var(--band);color:var(--accent)}.wide{overflow-x:auto}
code{font:.75rem/1.4 "DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
small,dt{color:var(--quiet)}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem}dd{margin:0}
.met{color:#1e5631}.not_met,.expired{color:#9b1c1c}.insufficient_evidence,.attestation_due{color:#7a4b00}
.not_applicable{color:#56616d}.not_yet_in_force{color:#1f4e79}svg{max-width:100%;height:auto}
"""


def report_html(content: ReportContent) -> bytes:
    """The report as HTML. Everything that was read is escaped."""
    view = view_of(content)
    body = [
        f"<h1>{text(view['title'])}: {text(view['subject'])}</h1>",
        "<dl>",
        *(
            f"<dt>{text(name)}</dt><dd>{text(value)}</dd>"
            for name, value in (
                ("Period", view["period"]),
                ("As of", view["as_of"]),
                ("Frameworks", ", ".join(f"{it['title']} {it['version']}" for it in view["frameworks"])),
                ("Report id", view["id"]),
            )
        ),
        "</dl>",
        *_summary(view),
        *(part for section in view["sections"] for part in _section(section)),
        *_closing(view),
    ]
    return page(f"{view['title']}: {view['subject']}", body)


def page(title: str, body: Iterable[str]) -> bytes:
    """A whole HTML file around a body."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{text(title)}</title><style>{STYLE}</style></head><body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    ).encode()


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "") -> str:
    """A table of plain text."""
    body = "".join(f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return _table(head, body, caption)


def _table(head: Sequence[str], body: str, caption: str = "") -> str:
    named = f"<caption>{text(caption)}</caption>" if caption else ""
    heads = "".join(f'<th scope="col">{text(name)}</th>' for name in head)
    return f'<div class="wide"><table>{named}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def text(value: object) -> str:
    """Anything as escaped text."""
    return escape(str(value))


def _summary(view: View) -> list[str]:
    heads = (
        "Model", "Framework", "Met of applicable", "Not met", "Not enough evidence", "Signature due or expired",
        "Not yet in force", "Not applicable",
    )  # fmt: skip
    parts = ["<h2>Summary</h2>", table(heads, view["summary"], caption="Requirements by state")]
    parts.append("<h3>What each model is for and how it does</h3>")
    for name, rows in view["overview"]:
        parts.append(table(("Asked", "On record"), rows, caption=name))
    parts += _contradicted("Blocking items", view["blocking"], "No blocking requirement")
    parts += _contradicted("Other requirements that are not met", view["not_met"], "No other requirement")
    parts += ["<h3>What the states mean</h3>", table(("State", "Meaning"), view["meaning"])]
    if view["review"]:
        rows = (
            [f"{it['id']} {it['title']}", *(f"{said} ({source})" for said, source in it["readings"])]
            for it in view["review"]
        )
        parts += ["<h3>Open readings of the law</h3>", table(("Requirement", "One reading", "Another reading"), rows)]
    return parts


def _contradicted(title: str, items: Sequence[View], none: str) -> list[str]:
    if not items:
        return [f"<h3>{title}</h3>", f"<p>{none} that is in force is contradicted by the evidence.</p>"]
    rows = [[it["model"], it["id"], it["title"], it["reason"], it["remedy"]] for it in items]
    return [f"<h3>{title}</h3>", table(("Model", "Requirement", "Title", "Reason", "Remedy"), rows)]


def _section(section: View) -> list[str]:
    parts = [f"<h2>{text(section['name'])}</h2>", table(("Record", "Content"), section["facts"])]
    for name, key in (("Drift", "drift"), ("Fairness", "fairness")):
        chart = section[key]
        if chart is None:
            continue
        drawn = chart["svg"]
        heads = chart.get("columns") or (
            "Outcome", "Group", "Compared with", "n", "Ratio", "95 % interval", "Answer",
        )  # fmt: skip
        parts.append(f"<h3>{name}</h3>")
        if drawn:
            labelled = drawn.replace("<svg ", f'<svg role="img" aria-label="{text(chart["alt"])}" ', 1)
            parts.append(f"<figure>{labelled}<figcaption><small>{text(chart['caption'])}</small></figcaption></figure>")
        parts.append(table(heads, chart["rows"]))
    for status in section["statuses"]:
        parts += [f"<h3>{text(status['title'])}</h3>", f"<p><strong>{text(status['met'])}</strong> applicable met.</p>"]
        if status["waiting"]:
            parts.append("<p><strong>Answer first.</strong> Whether these apply is not known until it is answered.</p>")
            parts.append(table(("Questionnaire", "Settles", "Requirements"), status["waiting"]))
        for group in status["groups"]:
            rows = "".join(map(_requirement, group["requirements"]))
            parts.append(_table(("Id", "Requirement, reason and evidence", "State"), rows, group["title"]))
        if status["named"]:
            others = [[word, f"{ids}. {reasons}" if reasons else ids] for _, word, ids, reasons in status["named"]]
            parts.append(table(("State", "Requirements"), others))
    tables = (
        ("Approvals and attestations", "attestations",
         ("Topic", "Decision", "Signed by, role", "For version", "Signed", "Good until", "SHA-256 of what was signed")),
        ("Remediation", "remediations", ("Requirement", "What", "Owner", "Due", "Status")),
        ("Dates to come", "deadlines", ("Date", "Framework", "Requirement", "Title", "What")),
        ("Evidence register", "evidence",
         ("Kind", "Says", "Summary", "Produced", "Good until", "Source", "SHA-256")),
    )  # fmt: skip
    for title, key, heads in tables:
        if section[key]:
            parts += [f"<h3>{title}</h3>", table(heads, section[key])]
    return parts


def _requirement(item: View) -> str:
    notes = [f"<strong>{text(item['title'])}</strong><br>{text(item['reason'])}"]
    if item["remedy"]:
        notes.append(f"<em>Remedy:</em> {text(item['remedy'])}")
    if item["deadline"]:
        notes.append(f"<em>Time limit:</em> {text(item['deadline'])}")
    notes += [f"<small>Evidence: {text(said)}</small>" for said in item["evidence"]]
    name = f"<strong>{text(item['id'])}</strong>" + ("<br><small>blocking</small>" if item["blocking"] else "")
    state = f'<strong class="{text(item["state"])}">{text(item["word"])}</strong>'
    return f"<tr><td>{name}</td><td>{'<br>'.join(notes)}</td><td>{state}</td></tr>"


def _closing(view: View) -> list[str]:
    parts = ["<h2>What is asked, and what its evidence shows</h2>"]
    heads = ("Id", "Requirement", "Legal basis", "Verified", "What its evidence shows, and what it cannot")
    parts += [table(heads, it["requirements"], caption=f"{it['title']} {it['version']}") for it in view["frameworks"]]
    parts += [
        "<h2>Method and limitations</h2>",
        "<ul>",
        *(f"<li>{text(it)}</li>" for it in view["limitations"]),
        "</ul>",
    ]
    rows = ([f"{it['title']} {it['version']}", it["source"], it["notice"]] for it in view["frameworks"])
    parts.append(table(("Framework", "Source", "What a result does not say"), rows))
    parts.append("<h2>Verification</h2>")
    if view["checkpoint"] is None:
        parts.append("<p>No audit trail was on record when this report was made.</p>")
    else:
        parts.append(table(("Audit entry", "Time", "SHA-256"), [view["checkpoint"]]))
        parts.append("<p>Verify the audit trail up to this entry with <code>syndic audit verify</code>.</p>")
    return parts
