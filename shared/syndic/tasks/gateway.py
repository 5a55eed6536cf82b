"""Gateway: records that waited in the queue are kept, a batch at a time, or handed on to where they are kept."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from syndic.errors import InvalidInputError, NotFoundError
from syndic.gateway.captured import ACTOR
from syndic.gateway.inference_record import InferenceRecord
from syndic.gateway.keep import Kept, keep_records
from syndic.gateway.shadow import ask_shadows, without_copy
from syndic.ports import CaptureWriter
from syndic.tasks.clouds import Clouds, RelayingClouds, ServingClouds

log = logging.getLogger(__name__)


def keep_batch(messages: Mapping[str, str], clouds: ServingClouds) -> Sequence[str]:
    """Keep the records of some messages; returns the ids of those that hold none.

    Raises `UnavailableError` when they could not be kept: all of them are to come again.
    """
    records: list[InferenceRecord] = []
    wrong: list[str] = []
    for name, body in messages.items():
        try:
            records.append(InferenceRecord.model_validate_json(body))
        except ValidationError as error:
            log.error("message holds no prediction", extra={"id": name, "reason": str(error)[:500]})  # noqa: TRY400
            wrong.append(name)
    kept = keep(records, clouds, clouds.received) if records else Kept()
    if any(one.copied is not None for one in records):
        shadows = ask_shadows(
            records, serving=clouds.serving, backends=clouds.backends, pseudonyms=clouds.pseudonyms
        )  # fmt: skip
        keep(shadows, clouds, clouds.received)
        clouds.count("ShadowsAsked", len(shadows))
    clouds.count("PredictionsLogged", kept.lines)
    clouds.count("PredictionsRefused", kept.refused)
    clouds.count("PredictionsFailed", kept.failed)
    return wrong


def keep(records: Sequence[InferenceRecord], clouds: Clouds, writer: CaptureWriter, *, actor: str = ACTOR) -> Kept:
    """Keep some records, told by `actor`. Raises `UnavailableError`."""
    return keep_records(records, writer=writer, store=clouds.store, audit=clouds.audit, now=clouds.now(), actor=actor)


def relay(message: str, clouds: RelayingClouds) -> None:
    """Hand the records of a message on to the cloud that governs. Raises `SyndicError`: then it comes again."""
    try:
        held = clouds.waiting.read(message)
    except NotFoundError:  # it was handled before, and came again
        log.info("records were handed on before")
        return
    try:
        records = [InferenceRecord.model_validate_json(one) for one in held]
    except ValidationError as error:
        raise InvalidInputError(
            f"the message holds no prediction: {error.errors()[0]['msg']}", where="message"
        ) from None
    served = clouds.gateway if any(one.copied is not None for one in records) else None
    shadows = [] if served is None else ask_shadows(
        records, serving=served.serving, backends=served.backends, pseudonyms=served.pseudonyms
    )  # fmt: skip
    by_model: dict[str, list[bytes]] = {}
    for one in (*map(without_copy, records), *shadows):
        by_model.setdefault(one.model_id, []).append(one.model_dump_json(exclude_defaults=True).encode())
    for model_id, told in by_model.items():
        clouds.hand_on(model_id, told)
    clouds.waiting.forget(message)
    clouds.count("PredictionsHandedOn", len(held))
