"""Reading a configuration as a whole, comparing it with what is there, and applying it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import yaml

from syndic.bias.policy.file import AS_WRITTEN
from syndic.changes import finish
from syndic.errors import InvalidInputError
from syndic.ports import AuditTrail, Store
from syndic.records import get_model
from syndic.spelling import refuse_unknown
from syndic.tasks.configuration.models import (
    AppliedSetting,
    ConfigurationFile,
    ConfigurationReport,
    FieldMeaning,
    PlannedSetting,
    Reading,
)
from syndic.tasks.configuration.sections import SECTIONS, framework
from syndic.yaml_file import load_yaml

MODELS: Final = "models"
OF_A_FRAMEWORK: Final = frozenset({"id", "requirements"})
MOST_LINES: Final = 400


def apply_configuration(
    files: Sequence[ConfigurationFile],
    *,
    models: Sequence[str] = (),
    dry_run: bool,
    require: Callable[[str | None], None],
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> ConfigurationReport:
    """Apply files, or say what they would change.

    All are read and checked before anything is changed; each setting is one commit, so applying again after a failure
    goes on where it ended.

    Args:
        files: The files.
        models: For which models drift and bias policies are meant, where a file names none.
        dry_run: Change nothing.
        require: Called with the model of each setting, or None for the organisation's; raises `NotAllowedError`.
        store: Records.
        audit: The trail.
        actor: Who applies them.
        now: When.

    Raises:
        InvalidInputError: A file is wrong; names file, field or line.
        UnknownReferenceError: It names something that does not exist.
    """
    settings: list[PlannedSetting] = []
    meanings: list[FieldMeaning] = []
    for file in files:
        for reading in _read(file, tuple(models), store):
            settings += reading.settings
            meanings += reading.meanings
    _refuse_twice(settings)
    for model_id in dict.fromkeys(one.model_id for one in settings):
        require(model_id)
    if not dry_run:
        for one in settings:
            if one.present != one.wanted:
                one.apply(store=store, audit=audit, actor=actor, now=now)
            else:  # so already, but whoever made it so may have died before telling it
                finish(one.about, store=store, audit=audit)
    shown = tuple(
        AppliedSetting(file=one.file, target=one.target, changed=one.present != one.wanted, diff=_diff(one))
        for one in settings
    )
    return ConfigurationReport(dry_run=dry_run, settings=shown, meanings=tuple(meanings))


def _read(file: ConfigurationFile, models: tuple[str, ...], store: Store) -> Iterable[Reading]:
    document = load_yaml(file.text, where=file.name, as_written=AS_WRITTEN)
    if not isinstance(document, Mapping) or not document:
        raise InvalidInputError(f"a mapping is expected, with one of {', '.join(SECTIONS)}", where=file.name)
    if document.keys() >= OF_A_FRAMEWORK:
        reading = Reading(file.name, "framework", (), store)
        framework(file.text, reading)
        yield reading
        return
    refuse_unknown(document, {*SECTIONS, MODELS}, where=file.name, what="section")
    named = document.get(MODELS, models)
    if not isinstance(named, (list, tuple)) or not all(isinstance(one, str) for one in named):
        raise InvalidInputError("a list of model ids is expected", where=f"{file.name}: {MODELS}")
    for model_id in named:
        get_model(store, model_id)
    for name, given in document.items():
        if name == MODELS:
            continue
        reading = Reading(file.name, str(name), tuple(dict.fromkeys(named)), store)
        SECTIONS[str(name)](given, reading)
        yield reading


def _refuse_twice(settings: Sequence[PlannedSetting]) -> None:
    seen: dict[str, str] = {}
    for one in settings:
        if one.target in seen:
            raise InvalidInputError(f"{one.target} is set here and in {seen[one.target]}", where=one.file)
        seen[one.target] = one.file


def _diff(one: PlannedSetting) -> tuple[str, ...]:
    if one.present == one.wanted:
        return ()
    before, after = (_lines(value) for value in (one.present, one.wanted))
    found = [line for line in difflib.ndiff(before, after) if line.startswith(("- ", "+ "))]
    return tuple(found[:MOST_LINES])


def _lines(value: Mapping[str, Any]) -> list[str]:
    return yaml.safe_dump(dict(value), allow_unicode=True, sort_keys=True).splitlines() if value else []
