"""PDF by typst: PDF/A-2a for the archive and PDF/UA-1 for everybody, in one file.

Only typst's own fonts are used (Libertinus Serif and DejaVu Sans Mono, both free to embed), so a report looks the
same wherever it is made.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from syndic.errors import InvalidInputError, UnavailableError
from syndic.reports.content.view import View, view_of
from syndic.reports.content.wording import printable
from syndic.reports.models import ReportContent

STANDARDS: Final[list[Literal["a-2a", "ua-1"]]] = ["a-2a", "ua-1"]


def report_pdf(content: ReportContent) -> bytes:
    """The report as PDF. The same content gives the same bytes."""
    return typeset("report.typ", view_of(content), at=int(content.as_of.timestamp()))


def typeset(template: str, view: View, *, at: int) -> bytes:
    """Typeset a view with a template of this folder; `at` is the date in the file, in seconds since 1970."""
    try:
        import typst  # noqa: PLC0415  (77 MB, and only here)
    except ImportError as error:
        raise UnavailableError("PDF reports need typst: pip install 'syndic[reports]'") from error
    data = json.dumps(_printable(view), ensure_ascii=False, sort_keys=True)
    try:
        made = typst.compile(
            _template(template),
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=list(STANDARDS),
            timestamp=at,
        )
    except typst.TypstError as error:
        raise InvalidInputError(f"the report cannot be typeset: {error.message}", where=template) from error
    return bytes(made)


@cache
def _template(name: str) -> bytes:
    return resources.files("syndic.reports.formats").joinpath(name).read_bytes()


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.startswith("<svg ") else printable(value)
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return value
