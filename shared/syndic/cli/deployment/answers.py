"""Answers of `syndic doctor` and `syndic verify-deployment`: what was found, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from syndic.cli.shell.outcomes import ExitCode, code_of
from syndic.cli.shell.written import written
from syndic.errors import SyndicError


class State(StrEnum):
    """What an answer means. Unknown is no pass: somebody has to look."""

    GOOD = "good"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that was looked at."""

    about: str
    state: State
    found: str
    do: str = ""


def good(about: str, found: str) -> Answer:
    """It is as it must be."""
    return Answer(about, State.GOOD, found)


def wrong(about: str, found: str, do: str) -> Answer:
    """It is not, and this is to be done."""
    return Answer(about, State.WRONG, found, do)


def unknown(about: str, found: str, do: str) -> Answer:
    """It could not be found out, and this helps."""
    return Answer(about, State.UNKNOWN, found, do)


Look = Callable[[], Iterable[Answer]]


def look(about: str, ask: Look) -> Iterator[Answer]:
    """The answers of one look. A service that refuses or is silent is an answer too, never the end of the others."""
    try:
        yield from ask()
    except SyndicError as error:
        yield unknown(about, str(error), "allow the call to whoever runs this, or look at it by hand")


def look_at_all(looks: Sequence[tuple[str, Look]]) -> tuple[Answer, ...]:
    """Every answer, in order."""
    return tuple(answer for about, ask in looks for answer in look(about, ask))


def told(answers: Sequence[Answer], output_format: str) -> tuple[str, ExitCode]:
    """The answers as text or JSON, and the exit code: 0 only when everything is good."""
    bad = [answer for answer in answers if answer.state is not State.GOOD]
    code = code_of("readiness", [answer.state.value for answer in answers])
    if output_format != "table":
        return written(output_format, [asdict(answer) for answer in answers]), code
    width = max((len(answer.about) for answer in answers), default=0)
    lines = [
        line
        for answer in answers
        for line in (
            f"{answer.state:<8} {answer.about:<{width}}  {answer.found}",
            *((f"{'':<8} {'':<{width}}  do: {answer.do}",) if answer.do else ()),
        )
    ]
    lines.append(f"{len(answers) - len(bad)} of {len(answers)} good")
    return "\n".join(lines), code
