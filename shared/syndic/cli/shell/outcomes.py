"""What a command tells the shell: the one table from what was found to the exit code.

0: all that was asked was judged, and there is nothing to act on. 1: a finding. 2: bad input. 3: it cannot be told. A
reader that leaves changes none of them. To add a verdict, add a line.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any, Final, TypeVar

import click

from syndic.cli.shell.tables import some

F = TypeVar("F", bound=Callable[..., Any])


class ExitCode(IntEnum):
    """What the process says to the shell."""

    NOTHING_FOUND = 0
    FINDING = 1
    BAD_INPUT = 2
    CANNOT_TELL = 3
    OWN_ERROR = 70  # EX_SOFTWARE: never 1, which is a finding
    INTERRUPTED = 128 + signal.SIGINT


CODES: Final[Mapping[str, Mapping[str, ExitCode]]] = {
    "drift": {
        "no_drift": ExitCode.NOTHING_FOUND,
        "drift": ExitCode.FINDING,
        "not_enough_data": ExitCode.CANNOT_TELL,
        "not_comparable": ExitCode.CANNOT_TELL,
        "columns_not_judged": ExitCode.CANNOT_TELL,  # asked for, and lost, of another kind, or not comparable
    },
    "bias": {
        "no_indication": ExitCode.NOTHING_FOUND,
        "difference_under_threshold": ExitCode.NOTHING_FOUND,  # a difference to review, within the threshold
        "adverse_impact_indicated": ExitCode.FINDING,
        "disparity_indicated": ExitCode.FINDING,  # any other measure beyond its threshold and beyond chance
        "inconclusive": ExitCode.CANNOT_TELL,
        "not_assessable": ExitCode.CANNOT_TELL,
    },
    "quality": {
        "sound": ExitCode.NOTHING_FOUND,
        "review": ExitCode.NOTHING_FOUND,  # issues of low severity only
        "issues": ExitCode.FINDING,
        "not_enough_data": ExitCode.CANNOT_TELL,
        "not_comparable": ExitCode.CANNOT_TELL,
        "columns_not_judged": ExitCode.CANNOT_TELL,
    },
    "performance": {
        "expected": ExitCode.NOTHING_FOUND,
        "expected_below_level": ExitCode.FINDING,
        "contradicted": ExitCode.FINDING,
        "outside_reference": ExitCode.CANNOT_TELL,
        "not_calibrated": ExitCode.CANNOT_TELL,
        "not_enough_data": ExitCode.CANNOT_TELL,
    },
    "compliance": {
        "met": ExitCode.NOTHING_FOUND,
        "not_applicable": ExitCode.NOTHING_FOUND,
        "not_yet_in_force": ExitCode.NOTHING_FOUND,
        "not_met": ExitCode.FINDING,
        "insufficient_evidence": ExitCode.CANNOT_TELL,
        "attestation_due": ExitCode.CANNOT_TELL,
        "expired": ExitCode.CANNOT_TELL,
    },
    "readiness": {  # doctor, verify-deployment
        "good": ExitCode.NOTHING_FOUND,
        "wrong": ExitCode.FINDING,
        "unknown": ExitCode.CANNOT_TELL,
    },
    "gate": {"passed": ExitCode.NOTHING_FOUND, "refused": ExitCode.FINDING},
    "import": {"imported": ExitCode.NOTHING_FOUND, "unsound": ExitCode.FINDING},
    "audit": {"intact": ExitCode.NOTHING_FOUND, "changed": ExitCode.FINDING},
}
"""By command or what several do, then by outcome. An outcome that is not listed cannot be told, whatever it is."""

_GRAVEST_FIRST: Final = (ExitCode.FINDING, ExitCode.CANNOT_TELL, ExitCode.NOTHING_FOUND)

RULE: Final = (
    "Exit codes: 0 all that was asked was judged and there is nothing to act on, 1 a finding, 2 bad input, 3 it cannot "
    "be told"
)


def code_of(command: str, outcomes: Iterable[str], *, allow_inconclusive: bool = False) -> ExitCode:
    """The exit code of all outcomes of a command together: a finding before "cannot tell" before nothing found.

    Args:
        command: A key of `CODES`.
        outcomes: What came of each thing that was asked; nothing at all cannot be told.
        allow_inconclusive: What cannot be told ends with 0. A finding stays one.
    """
    known = CODES[command]
    found = {known.get(outcome, ExitCode.CANNOT_TELL) for outcome in outcomes} or {ExitCode.CANNOT_TELL}
    code = next(code for code in _GRAVEST_FIRST if code in found)
    return ExitCode.NOTHING_FOUND if allow_inconclusive and code is ExitCode.CANNOT_TELL else code


def headline(
    command: str, verdict: str, reason: str, *, unjudged: Sequence[str] = (), review: str | None = None
) -> str:
    """The first line of a text: the outcome in plain words, and why.

    Args:
        command: A key of `CODES`.
        verdict: The verdict on the whole.
        reason: Of the verdict.
        unjudged: What was asked for and could not be judged.
        review: What a person should look at although nothing is found; empty when the reason says it.
    """
    words, code = verdict.replace("_", " ").upper(), CODES[command].get(verdict, ExitCode.CANNOT_TELL)
    if code is ExitCode.CANNOT_TELL:
        return f"{words}, CANNOT TELL  {reason}"
    if code is ExitCode.NOTHING_FOUND and unjudged:
        return f"CANNOT TELL  not judged, though asked for: {some(unjudged)}; {reason}"
    if code is ExitCode.NOTHING_FOUND and review is not None:
        return f"{words}, REVIEW  {review}; {reason}" if review else f"{words}, REVIEW  {reason}"
    return f"{words}  {reason}"


def inconclusive_option(function: F) -> F:
    """``--allow-inconclusive``, given to the command as `allow_inconclusive`."""
    return click.option(
        "--allow-inconclusive",
        is_flag=True,
        help="End with 0 instead of 3 where it cannot be told. For pipelines that want it; a finding stays 1.",
    )(function)
