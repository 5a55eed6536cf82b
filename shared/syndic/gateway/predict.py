"""One request, from its bytes to an answer that can be traced."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Final, Literal
from uuid import uuid4

from pydantic import JsonValue

from syndic.errors import InvalidInputError, SyndicError, UnavailableError
from syndic.gateway.bodies import read_body
from syndic.gateway.contract import Checked, ContractBrokenError, check
from syndic.gateway.inference_record import (
    InferenceRecord,
    Outcome,
    ShadowCopy,
    answered_lines,
    draw_of,
    is_sampled,
    named_rows,
    parts,
)
from syndic.gateway.models import Guarantee, Prediction, RowFlag, RowPrediction
from syndic.gateway.outputs import BackendFailedError, Decision, decide
from syndic.gateway.serving import Served, Serving
from syndic.gateway.shadow import copied, without_copy
from syndic.ports import Answers, Backends, InferenceLog

log = logging.getLogger(__name__)

_ID: Final = 128


@dataclass(frozen=True)
class Gateway:
    """What a process serves predictions with.

    Args:
        serving: Which version answers.
        backends: What is asked.
        records: Takes the record of each request.
        pseudonyms: The key of pseudonyms by a secret's name.
        clock: The time.
        stopwatch: Seconds, of which only differences count.
        stream: Names the process in records.
        shadows: Asks shadows, of a copy of the request, without waiting; None: whoever keeps the records does.
    """

    serving: Serving
    backends: Backends
    records: InferenceLog
    clock: Callable[[], datetime]
    pseudonyms: Callable[[], bytes | None] = lambda: None
    stopwatch: Callable[[], float] = time.perf_counter
    stream: str = field(default_factory=lambda: uuid4().hex[:12])
    next_number: Callable[[], int] = field(default_factory=lambda: count(1).__next__)
    shadows: Callable[[InferenceRecord], None] | None = None


@dataclass
class Admitted:
    """A request that keeps the contract, on its way to an answer."""

    gateway: Gateway
    request_id: str
    began: float
    served: Served
    number: int
    checked: Checked
    key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it goes out: the prediction, or the backend's own bytes where its model's settings ask for those."""

    prediction: Prediction
    body: bytes | None = None
    media: str = "application/json"

    @property
    def headers(self) -> dict[str, str]:
        """What is said of bytes that say nothing of themselves."""
        if self.body is None:
            return {}
        told = self.prediction
        flagged = {"X-Flagged-Rows": str(sum(bool(one.flags) for one in told.predictions))}
        named = {"X-Model-Version": told.model_version, "X-Model-Stage": told.stage, "X-Logged": told.logged}
        return {"X-Request-Id": told.request_id, **named, **flagged}


def predict(gateway: Gateway, model_id: str, body: bytes, *, content_type: str, request_id: str) -> Answer:
    """Answer a request for predictions.

    Args:
        gateway: What is served with.
        model_id: The model.
        body: The request's body.
        content_type: Its media type.
        request_id: The caller's id of the request, or one that was made for it.

    Raises:
        NotFoundError: The model is not served.
        ContractBrokenError: The features are not those that the version takes. Nothing was asked of the model.
        InvalidInputError: The body has no shape that is read.
        BackendFailedError: The model's service did not answer as its settings say.
        UnavailableError: The version cannot be served, or where logging is required the record could not be queued;
            then no answer is given.
    """
    admitted = admit(gateway, model_id, body, content_type=content_type, request_id=request_id)
    try:
        names = [feature.name for feature in admitted.served.contract.features]
        answers = gateway.backends.predict(admitted.served.asked, names, admitted.checked.rows)
    except SyndicError as error:
        raise failed(admitted, error) from error
    passed = answers if admitted.served.settings.answer == "passthrough" and isinstance(answers, Answers) else None
    if passed is not None and not _is_text(passed.body):
        raise failed(admitted, BackendFailedError("the backend answered with what is not UTF-8"))
    prediction = answered(admitted, answers)
    return Answer(prediction) if passed is None else Answer(prediction, passed.body, passed.media)


def _is_text(body: bytes | None) -> bool:
    """Whether bytes can go through a function, whose answers are text."""
    try:
        return body is not None and body.decode() is not None
    except UnicodeDecodeError:
        return False


def admit(gateway: Gateway, model_id: str, body: bytes, *, content_type: str, request_id: str) -> Admitted:
    """Hold a request to the contract of the version that is to answer it. Raises as `predict`; a refusal is logged."""
    if not 0 < len(request_id) <= _ID or not request_id.isascii() or not request_id.isprintable():
        raise InvalidInputError(f"is 1 to {_ID} visible characters", where="header.X-Request-Id")
    began = gateway.stopwatch()
    served = gateway.serving.of(model_id, draw=draw_of(request_id))
    admitted = Admitted(gateway, request_id, began, served, gateway.next_number(), Checked((), (), None))
    try:
        admitted.checked = check(read_body(body, content_type), served.contract)
    except SyndicError as error:
        _tell(admitted, "refused", 422 if isinstance(error, ContractBrokenError) else 400, reason=str(error))
        raise
    try:  # before the model is asked: without its answer there is nothing that could be unlogged
        admitted.key = gateway.pseudonyms() if served.settings.log.pseudonymised else None
    except SyndicError as error:
        _tell(admitted, "failed", 503, reason=str(error))
        raise
    return admitted


def answered(admitted: Admitted, answers: Sequence[JsonValue]) -> Prediction:
    """The prediction that a backend's answers are, logged as the settings say. Raises as `predict`."""
    try:
        decisions = decide(answers, admitted.served.settings, rows=len(admitted.checked.rows))
    except BackendFailedError as error:
        raise failed(admitted, error) from error
    return _answer(admitted, admitted.checked, decisions)


def failed(admitted: Admitted, error: SyndicError) -> BackendFailedError:
    """Log that a backend did not answer, and give the error that says so."""
    _tell(admitted, "failed", 503, reason=str(error))
    return error if isinstance(error, BackendFailedError) else BackendFailedError(str(error))


def _answer(call: Admitted, checked: Checked, decisions: Sequence[Decision]) -> Prediction:
    served, at = call.served, call.gateway.clock()
    ids = named_rows(call.request_id, checked.ids, len(decisions), served.settings, call.key)
    logged = _log(call, checked, decisions, ids, at)
    flags: dict[int, list[RowFlag]] = {}
    for flag in checked.flags:
        flags.setdefault(flag.row, []).append(RowFlag(feature=flag.feature, problem=flag.problem))
    rows = tuple(
        RowPrediction(
            row_id=row_id, prediction=one.prediction, prediction_label=one.label,
            probability_positive_class=one.probability, flags=tuple(flags.get(place, ())),
        )
        for place, (row_id, one) in enumerate(zip(ids, decisions, strict=True))
    )  # fmt: skip
    classifies = served.settings.task == "classification"
    return Prediction(
        request_id=call.request_id,
        model_id=served.model_id,
        model_name=served.model_name,
        model_version=served.candidate.version,
        stage=served.candidate.stage.value,
        positive_class=served.settings.positive_class,
        threshold=served.settings.threshold if classifies else None,
        predictions=rows,
        predicted_at=at,
        logged=logged,
    )


def _log(
    call: Admitted, checked: Checked, decisions: Sequence[Decision], ids: Sequence[str], at: datetime
) -> Literal["queued", "after the answer", "not sampled"]:
    policy = call.served.settings.log
    sampled = is_sampled(call.request_id, policy.sampling_percent)
    lines = answered_lines(
        call.served, checked, decisions, ids, request_id=call.request_id, at=at, key=call.key
    ) if sampled else ()  # fmt: skip
    copy = _copy(call, checked, decisions, ids)
    for place, part in enumerate(parts(tuple(lines))):
        _tell(call, "answered", 200, lines=part, place=place, at=at, copy=None if place else copy)
    if policy.guarantee is Guarantee.REQUIRED:
        return "queued"
    return "after the answer" if sampled else "not sampled"


def _copy(call: Admitted, checked: Checked, decisions: Sequence[Decision], ids: Sequence[str]) -> ShadowCopy | None:
    """A copy for the shadow, if there is one. What is wrong with a shadow is no matter of the answer."""
    try:
        shadow = call.gateway.serving.shadow(call.served.model_id)
    except SyndicError:
        return None
    return None if shadow is None else copied(shadow, checked, decisions, ids)


def _tell(
    call: Admitted,
    outcome: Outcome,
    status: int,
    *,
    lines: tuple[str, ...] = (),
    place: int = 0,
    reason: str | None = None,
    at: datetime | None = None,
    copy: ShadowCopy | None = None,
) -> None:
    """Hand a record over. Only an answer waits for it, and only where logging is required."""
    gateway, served = call.gateway, call.served
    record = InferenceRecord(
        id=f"{call.request_id}#{gateway.stream}-{call.number}.{place}",
        request_id=call.request_id,
        model_id=served.model_id,
        version=served.candidate.version,
        variant=served.candidate.variant,
        at=at or gateway.clock(),
        outcome=outcome,
        status=status,
        milliseconds=max(0.0, (gateway.stopwatch() - call.began) * 1_000),
        first=place == 0,
        share=served.share,
        stream=gateway.stream,
        number=call.number,
        lines=lines,
        reason=reason[:1_000] if reason else None,
        copied=copy,
    )
    if copy is not None and gateway.shadows is not None:
        gateway.shadows(record)
        record = without_copy(record)
    data = record.model_dump_json(exclude_defaults=True).encode()
    if outcome == "answered" and served.settings.log.guarantee is Guarantee.REQUIRED:
        try:
            gateway.records.take(served.model_id, data)
        except UnavailableError as error:
            raise UnavailableError(f"the prediction could not be logged, so it is not given: {error}") from error
        return
    gateway.records.offer(served.model_id, data)
