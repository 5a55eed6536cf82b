"""What all three kinds of MLflow store share: reading its own small texts."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

from syndic.registry.sync.importer import Unsound

Point = tuple[str, int, float, int]
"""Key, milliseconds since 1970, value, step."""

MANIFEST = "run_manifest.json"
MOST_NODES = 100_000  # keys and values of one YAML text
_SOURCE = re.compile(r"models:/(m-[^/@]+)")
_STORED = re.compile(r"/models/(m-[^/@]+)/artifacts/?$")
_TITLE = re.compile(r"(?is)<title[^>]*>\s*(.{1,80}?)\s*</title>")
_TAG = re.compile(r"<[^<>]{0,2000}>?")
DELETED = "Deleted_Internal"
"""Stage of a version that was deleted: MLflow keeps its record and shows it to nobody."""


def moment(milliseconds: object) -> datetime:
    """MLflow's milliseconds since 1970. Raises ValueError when they are none."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float | str):
        raise ValueError(f"not a time in milliseconds: {milliseconds!r}")  # noqa: TRY004 - one error for one malformed field
    try:
        return datetime.fromtimestamp(float(milliseconds) / 1000, tz=UTC)
    except (OverflowError, OSError):
        raise ValueError(f"not a time in milliseconds: {milliseconds!r}") from None


def newest_metrics(points: Iterable[Point]) -> dict[str, float]:
    """The last value of each metric from (key, milliseconds, value, step) points.

    MLflow writes some points twice; the newest by (step, time) wins, as in MLflow, NaN and infinities too: an earlier
    finite value is not what the metric came to.
    """
    newest: dict[str, tuple[tuple[int, int, float], float]] = {}
    for key, when, value, step in points:
        rank = (step, when, -math.inf if math.isnan(value) else value)
        if key not in newest or rank > newest[key][0]:
            newest[key] = rank, value
    return {key: newest[key][1] for key in sorted(newest)}


def version_metrics(
    logged: Iterable[Point], linked: Iterable[tuple[Point, str | None]], run_id: str | None
) -> dict[str, float]:
    """The metrics of a version: those its run logged, and before them those linked to its logged model.

    `linked` are points with the run that logged them. To a model logged without a step MLflow links what its own run
    logged at step 0, which may be the first of many epochs: there the run's newest value is kept.
    """
    every = list(linked)
    first = [point for point, run in every if run == run_id and point[3] == 0]
    about_it = [point for point, run in every if run != run_id or point[3] != 0]
    return newest_metrics(first) | newest_metrics(logged) | newest_metrics(about_it)


def as_logged(value: float, *, nan: bool = False) -> float:
    """A metric as it was logged: SQL stores keep an infinity as the largest double, and NaN as 0 with a mark."""
    if nan:
        return math.nan
    return math.copysign(math.inf, value) if abs(value) == sys.float_info.max else value


def read_yaml(text: str) -> Any:
    """YAML of a bounded size. Raises ValueError with the reason when it is none."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error).splitlines()[0]) from error
    except RecursionError:
        raise ValueError("nested too deep") from None
    # With anchors a few bytes may stand for gigabytes, or for themselves: counted as often as they are referred to.
    left, count = [value], 0
    while left:
        one = left.pop()
        count += 1
        if count > MOST_NODES:
            raise ValueError(f"stands for more than {MOST_NODES} values")
        left.extend([*one, *one.values()] if isinstance(one, dict) else one if isinstance(one, list) else ())
    return value


def read_mlmodel(text: str) -> tuple[str | None, dict[str, Any] | None]:
    """Flavour and signature from an ``MLmodel`` file; the model itself is never opened."""
    try:
        described = read_yaml(text)
    except ValueError:
        return None, None
    if not isinstance(described, dict):
        return None, None
    held = described.get("flavors")
    flavours = [str(name) for name in held if name != "python_function"] if isinstance(held, dict) else []
    return (flavours[0] if flavours else None), _signature(described.get("signature"))


def _signature(signature: object) -> dict[str, Any] | None:
    if not isinstance(signature, Mapping):
        return None
    parts = {name: read_json(str(signature[name])) for name in ("inputs", "outputs") if signature.get(name)}
    return {name: part for name, part in parts.items() if part is not None} or None


def read_json(text: str) -> Any:
    """JSON, or None when it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def one_line(text: object, most: int = 120) -> str:
    """What a server says, in a line of plain text: of a page of HTML its title, for the rest is for browsers."""
    said = str(text)[:20_000]
    if said.lstrip()[:1] == "<":
        title = _TITLE.search(said)
        said = f"an HTML page, {title[1]!r}" if title else "an HTML page"
    return " ".join(_TAG.sub(" ", said).split())[:most]


def read_requirements(text: str) -> tuple[str, ...]:
    """The lines of a requirements.txt."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def logged_model(source: str | None, storage: str | None = None) -> str | None:
    """The id of the logged model behind a version, if there is one.

    A version points to it (``models:/m-<id>``), or was copied from a version (``models:/<name>/<version>``) and lies
    where that one does.
    """
    found = _SOURCE.fullmatch(source or "") or _STORED.search(storage or "")
    return found[1] if found else None


def run_gone(where: str, run_id: str) -> Unsound:
    """The gap of a version whose run was removed from the store."""
    return Unsound(where=where, reason=f"its run {run_id} is missing: imported without what the run would tell")


def model_gone(where: str, identity: str) -> Unsound:
    """The gap of a version whose logged model was removed from the store."""
    return Unsound(where=where, reason=f"its logged model {identity} is missing: imported without its metrics")


def no_version(model: str) -> Unsound:
    """A registered model that nothing can be imported of."""
    return Unsound(where=model, reason="has no version yet: there is nothing to import")
