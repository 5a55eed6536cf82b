"""PDF by typst: PDF/A-2a for the archive and PDF/UA-1 for everybody, in one file.

Typst's own fonts are used (Libertinus Serif and DejaVu Sans Mono) and, for names that they have no letters for, Noto's
of 21 scripts, of Chinese, Japanese and Korean, and of emoji. All are free to embed, and a report looks the same
wherever it is made.
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

FONTS: Final = ("manimgx_fonts", "manimgx_fonts_cjk")
FAMILIES: Final = [
    "Libertinus Serif",
    "Noto Sans",
    "Noto Sans CJK SC",
    *(
        f"Noto Sans {script}"
        for script in (
            "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew",
            "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Symbols", "Tamil", "Telugu", "Thai",
        )
    ),
    "Noto Emoji",
]  # fmt: skip
"""A letter is set in the first family that has it."""
DRAWING: Final = "svg"
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
    data = json.dumps({**_printable(view), "fonts": FAMILIES}, ensure_ascii=False, sort_keys=True)
    try:
        made = typst.compile(
            _template(template),
            font_paths=_fonts(),
            sys_inputs={"data": data},
            pdf_standards=list(STANDARDS),
            timestamp=at,
        )
    except typst.TypstError as error:
        raise InvalidInputError(f"the report cannot be typeset: {error.message}", where=template) from error
    return bytes(made)


@cache
def _fonts() -> Any:
    """Every font that is used, found once: no font of the machine is."""
    import typst  # noqa: PLC0415

    folders = []
    for package in FONTS:
        try:
            folders.append(str(resources.files(package)))
        except ModuleNotFoundError as error:
            name = package.replace("_", "-")
            raise UnavailableError(f"PDF reports need the fonts of {name}: pip install 'syndic[reports]'") from error
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


@cache
def _template(name: str) -> bytes:
    return resources.files("syndic.reports.formats").joinpath(name).read_bytes()


def _printable(value: Any) -> Any:
    """Every text but drawings, which are told by their place and not by how a text begins."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key == DRAWING else _printable(item) for key, item in value.items()}
    return value
