"""What a framework asks for: evidence, checks, signatures, documents, and the questions that say whom it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from syndic.models import Noun

FrameworkId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
RequirementId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._()-]{0,39}$")]
EvidenceKind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=100)]
Topic = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]
Expression = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Scope = Literal["model_version", "model", "organisation"]


MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$")]

FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]


class Need(Noun):
    """Evidence a check reads."""

    kind: EvidenceKind
    max_age_days: int | None = Field(default=None, ge=1, le=3660, description="older is stale, whatever it says itself")
    inconclusive_counts: bool = Field(
        default=False, description="true only where it matters that something ran, not what it found"
    )
    without_limits: bool = Field(
        default=False, description="true where the text sets no limit: by which ones a run judged does not matter"
    )
    of_version: bool = Field(
        default=False, description="true where the law speaks of a version: evidence about another one does not count"
    )
    may_be_missing: bool = Field(
        default=False,
        description="true where the condition says itself when it is needed: holds it without, nobody is asked for it",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"kind": value} if isinstance(value, str) else value

    @property
    def max_age(self) -> timedelta | None:
        """The allowed age."""
        return None if self.max_age_days is None else timedelta(days=self.max_age_days)


class _OfVersion(Noun):
    """What may be bound to a version."""

    scope: Scope = "model"
    carries_over_with: Topic | None = Field(
        default=None,
        description=(
            "of what is bound to a version: the topic of a signature for the present version which lets what was "
            "recorded for an earlier one count; without it, nothing carries over"
        ),
    )

    @model_validator(mode="after")
    def _is_bound(self) -> _OfVersion:
        if self.carries_over_with is not None and self.scope != "model_version":
            raise ValueError("carries_over_with is for what has the scope model_version")
        return self


class DocumentNeed(_OfVersion):
    """A document that has to exist."""

    topic: Topic
    title: Sentence
    valid_days: int | None = Field(default=None, ge=1, le=3660, description="reviewed at least this often")
    grows: bool = Field(
        default=False,
        description=(
            "true for a log or a register: who signs beside it signs that it is kept, and need not sign each entry; "
            "beside any other document a signature that is older than it does not count"
        ),
    )
    follows: EvidenceKind | None = Field(
        default=None,
        description=(
            "a document that this one is made from, as a summary of an audit: where that one is of a later day, this "
            "one is of an earlier one and does not count"
        ),
    )


class Check(Noun):
    """A question about evidence that a machine can answer."""

    title: Sentence
    needs: tuple[Need, ...] = Field(min_length=1, max_length=12)
    met_when: Expression
    otherwise: Sentence = Field(description="what is wrong when the expression is false, in one sentence")
    contradicts: bool = Field(
        default=True,
        description="false: where the expression is false, the evidence does not suffice; it refutes nothing",
    )
    where_recorded: bool = Field(
        default=False,
        description=(
            "true for what need not be kept here, as a register of vendors: while it is not on record the check is not "
            "asked, and what is on record may not say otherwise"
        ),
    )
    assess: DocumentNeed | None = Field(
        default=None,
        description=(
            "where no rule sets a threshold: a finding that this document assesses is no failure, one that nobody "
            "assessed is not enough evidence. The document counts for what was found when it was recorded"
        ),
    )


class AttestationNeed(_OfVersion):
    """What a person has to sign."""

    topic: Topic = Field(description="one signature serves every requirement with the same topic")
    role: Sentence
    valid_days: int = Field(ge=1, le=3660)
    independent: bool = Field(
        default=False,
        description="true where the law wants somebody without a part in it: neither its owner nor who signs otherwise",
    )
    scope: Scope = "model_version"
    confirms: tuple[EvidenceKind, ...] = Field(
        default=(),
        max_length=4,
        description=(
            "what the signature speaks of, such as classification.ai_act or document.fria, one kind or several: a "
            "signature that is older than one of them is about other answers or another document and does not count"
        ),
    )
    due_yearly: MonthDay | None = Field(
        default=None,
        description=(
            "month and day, such as 04-01, by which the law wants what is signed for done each year: a signature of a "
            "year is about the day in that year, and is good until that day of the next one at most"
        ),
    )
    statement: Sentence

    def good_until(self, signed_at: datetime) -> datetime:
        """When a signature of this moment is over: by its age, or with the day by which the next one is due (UTC)."""
        by_age = signed_at + timedelta(days=self.valid_days)
        if self.due_yearly is None:
            return by_age
        month, day = map(int, self.due_yearly.split("-"))
        due = datetime(signed_at.astimezone(UTC).year + 1, month, day, tzinfo=UTC)
        return min(by_age, due + timedelta(days=1))

    @field_validator("confirms", mode="before")
    @classmethod
    def _one_kind_is_a_list_of_one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


class Applicability(Noun):
    """When a requirement applies. Unknown facts never make it inapplicable."""

    needs: tuple[Need, ...] = Field(min_length=1, max_length=6)
    when: Expression
    otherwise: Sentence = Field(description="the reason shown when it does not apply")


class Question(Noun):
    """A question that says whether a framework is about a model: answered with yes or no, or left open."""

    asks: Sentence = Field(description="answered with yes or no, in plain words")
    legal_basis: Sentence | None = Field(default=None, description="where the text draws this line")


class Contradiction(Noun):
    """What other evidence says against answers that would leave a model out. Then they leave nothing out."""

    needs: tuple[Need, ...] = Field(min_length=1, max_length=4)
    when: Expression
    says: Sentence = Field(description="what that evidence says, as the end of a sentence")


class Release(Noun):
    """What changed in a version of a framework, for those who use it."""

    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}\.[0-9]{1,2}(\.[0-9]{1,3})?$")]
    released: date
    says: Sentence
