"""The one tree of errors. Edges translate it once: the API to status codes, the CLI to exit codes.

SyndicError
├── InvalidInputError            the caller's data or settings are wrong; names the place        (400, exit 2)
│   ├── UnknownReferenceError    it names something that does not exist where it must           (422)
│   └── NoAnswerError            an expression has no answer for these facts; says why            (400)
├── NotFoundError                the thing asked for does not exist                              (404)
├── ConflictError                somebody changed it meanwhile, or the step is not allowed now   (409)
│   └── StaleWriteError          a conditional write found another version; read again           (409)
├── NotSignedInError             nobody, or not whom it says                                     (401)
├── TooOftenError                asked for too often; says after how long again                  (429)
├── NotAllowedError              this person may not do this                                     (403)
├── TooLargeError                over a stated limit; names the limit                            (413)
└── UnavailableError             a cloud or a store did not answer, or refused us; retry later   (503)
    ├── DamagedTrailError        the audit trail is not as it was written: verify it            (503)
    ├── SourceUnavailableError   a listing of models failed: says nothing about what exists      (503)
    └── NotSentError             a message was refused: it was certainly not sent                (503)
"""

from __future__ import annotations

from collections.abc import Mapping


class SyndicError(Exception):
    """Root of every error raised on purpose by Syndic. The message is one sentence for a person.

    `code` is what programs decide by, of an error that has one of its own; else its place in the tree says it.
    """

    code: str | None = None

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """What is wrong where, for whoever shows more than the sentence: pairs of place and problem."""
        return ()

    @property
    def features(self) -> Mapping[str, tuple[str, ...]]:
        """Features that are ``missing`` or ``extra``, of an error about a model's input."""
        return {}


class InvalidInputError(SyndicError):
    """Given data or settings are wrong.

    Args:
        message: One sentence that says what is wrong and what was expected.
        where: The place: a file, a field, a setting, e.g. ``policy.yaml: drift.min_samples``.
        line: Line number in `where`, counted from 1, when it is a text file.
        column: Column name or number in that line, when known.
    """

    def __init__(
        self, message: str, *, where: str | None = None, line: int | None = None, column: str | int | None = None
    ) -> None:
        self.where, self.line, self.column, self.problem = where, line, column, message
        place = ", ".join(
            part
            for part in (
                where,
                f"line {line}" if line is not None else None,
                f"column {column}" if column is not None else None,
            )
            if part
        )
        super().__init__(f"{place}: {message}" if place else message)

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """The place, when it is known."""
        return () if self.where is None else ((self.where, self.problem),)


class UnknownReferenceError(InvalidInputError):
    """The input names something that does not exist."""


class NoAnswerError(InvalidInputError):
    """An expression has no answer for the given facts: one is missing, of another type, or the budget is used up."""


class NotFoundError(SyndicError):
    """The thing asked for does not exist."""


class ConflictError(SyndicError):
    """The step is not possible in the present state."""


class StaleWriteError(ConflictError):
    """A conditional write found another version than the one expected."""


class NotAllowedError(SyndicError):
    """This person may not do this."""


class NotSignedInError(SyndicError):
    """The request carries no valid sign-in. `code` says what is wrong with it, for programs."""

    def __init__(self, message: str, *, code: str = "not_signed_in") -> None:
        self.code = code
        super().__init__(message)


class TooOftenError(SyndicError):
    """Asked for too often. After `seconds` it may be asked for again."""

    def __init__(self, message: str, *, seconds: int = 60) -> None:
        self.seconds = seconds
        super().__init__(message)


class TooLargeError(SyndicError):
    """A stated limit was exceeded."""


class UnavailableError(SyndicError):
    """A service did not answer or refused the call; the state behind it is unknown."""


class DamagedTrailError(UnavailableError):
    """What the audit trail keeps is not as it was written. Trying again does not help: the trail has to be verified."""


class SourceUnavailableError(UnavailableError):
    """A listing of models failed. It says nothing about which models exist."""


def in_words(error: Exception) -> str:
    """What went wrong with something that others wrote, as a sentence for a person.

    A `KeyError` by itself says no more than a name in quotes.
    """
    if isinstance(error, SyndicError):
        return str(error)
    if isinstance(error, KeyError):
        return f"the field {error.args[0]!r} is missing" if error.args else "a field is missing"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    said = str(error)
    if isinstance(error, ValueError) and said:
        return said
    return f"it has another shape than expected ({said or type(error).__name__})"


class NotSentError(UnavailableError):
    """A message was refused, or never reached its service: it was certainly not sent, and may be sent again.

    Args:
        message: One sentence that says why.
        after: Seconds for which the service asked to be left alone; None where it asked for nothing.
    """

    def __init__(self, message: str, *, after: float | None = None) -> None:
        self.after = after
        super().__init__(message)
