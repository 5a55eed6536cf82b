"""Imports: what a client read in another registry, such as MLflow behind a firewall, taken over into this one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from functions.api.inputs import Clouds, Person
from syndic.models import Noun
from syndic.registry.sync.importer import ForeignVersion, ImportReport, Unsound, import_models

router = Router()


class ForeignVersions(Noun):
    """Versions as another registry describes them. `source` is its stable name, part of the models' identity."""

    source: str = Field(min_length=1, max_length=500)
    versions: tuple[ForeignVersion, ...] = Field(max_length=100)


class _Sent:
    """A foreign registry that was read elsewhere."""

    def __init__(self, sent: ForeignVersions) -> None:
        self.name = sent.source
        self._versions = sent.versions

    def versions(self) -> Iterator[ForeignVersion | Unsound]:
        """What was sent."""
        yield from self._versions


@router.post("/imports", tags=["models"])
def import_versions(clouds: Clouds, person: Person, sent: Annotated[ForeignVersions, Body()]) -> ImportReport:
    """Import versions of another registry. Imported again, only what changed is changed; nothing is removed."""
    return import_models(_Sent(sent), store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now())
