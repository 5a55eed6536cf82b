"""What can be told of a trained model by looking at it. Nothing is imported for it, and no row leaves the process."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib import metadata
from typing import Any, Final

from syndic_client.errors import ConfigurationError

DISTRIBUTIONS: Final = {"sklearn": "scikit-learn", "tensorflow": "tensorflow", "keras": "keras"}
"""Packages that are installed under another name than they are imported by."""

LONGEST: Final = 500
"""Characters of a hyperparameter that is told by its words."""
MOST: Final = 500
"""Hyperparameters and metrics that the API takes of one version."""


def described(trained: object, *, data: object = None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a version, read off what was trained; what is given says it better.

    An MLflow run tells its parameters, newest metrics, run id, commit and place of its files. Of an estimator
    (`get_params`, as in scikit-learn, XGBoost, LightGBM) the parameters are told; of anything else its class.
    """
    found = _of_run(trained) if _is_run(trained) else _of_object(trained)
    size = _size_of(data) if data is not None else _fitted_size(trained)
    training = {**size, **_plain(given.get("training"))}
    merged = {**found, **given}
    for name in ("hyperparameters", "metrics", "metadata"):
        both = {**found.get(name, {}), **(given.get(name) or {})}
        if both:
            merged[name] = both
    if "metrics" in merged:
        merged["metrics"] = {name: _number(name, value) for name, value in merged["metrics"].items()}
    if training:
        merged["training"] = training
    return merged


def _is_run(trained: object) -> bool:
    info, data = getattr(trained, "info", None), getattr(trained, "data", None)
    return hasattr(info, "run_id") and hasattr(data, "params") and hasattr(data, "metrics")


def _of_run(run: Any) -> dict[str, Any]:
    tags = dict(getattr(run.data, "tags", None) or {})
    found = {
        "run_id": run.info.run_id,
        "hyperparameters": dict(list(run.data.params.items())[:MOST]),
        "metrics": dict(list(run.data.metrics.items())[:MOST]),
        "artefact_location": getattr(run.info, "artifact_uri", None),
        "commit": tags.get("mlflow.source.git.commit"),
    }
    return {name: value for name, value in found.items() if value not in (None, {})}


def _of_object(trained: object) -> dict[str, Any]:
    kind = type(trained)
    package = kind.__module__.partition(".")[0]
    found: dict[str, Any] = {"algorithm": kind.__name__}
    name = DISTRIBUTIONS.get(package, package)
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        version = None  # a class of one's own, which no package brought
    if version is not None:
        found |= {"framework": f"{name} {version}", "dependencies": [f"{name}=={version}"]}
    parameters = getattr(trained, "get_params", None)
    if callable(parameters) and not isinstance(trained, type):
        found["hyperparameters"] = {name: _told(value) for name, value in list(parameters().items())[:MOST]}
    return found


def _told(value: Any) -> Any:
    """A parameter as JSON; what JSON has no word for, by its own."""
    if getattr(value, "shape", None) == () and callable(getattr(value, "item", None)):
        value = value.item()  # a number of numpy
    if value is None or isinstance(value, bool | str):
        return value if not isinstance(value, str) else value[:LONGEST]
    if isinstance(value, int):
        return value if abs(value) <= 2**53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if (
        isinstance(value, list | tuple)
        and len(value) <= 50
        and all(isinstance(one, int | float | str) for one in value)
    ):
        return [_told(one) for one in value]
    return repr(value)[:LONGEST]


def _number(name: str, value: Any) -> float | str:
    """A measured number; infinities and what is no number by the names that the API has for them."""
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"metrics: {name!r} is no number") from error
    if math.isnan(number):
        return "NaN"
    return number if math.isfinite(number) else ("Infinity" if number > 0 else "-Infinity")


def _size_of(data: object) -> dict[str, int]:
    """Rows and columns of a table, an array, or anything that has a shape or a length."""
    shape = getattr(data, "shape", None)
    if isinstance(shape, tuple) and shape:
        found = {"rows": int(shape[0])}
        return found | ({"features": int(shape[1])} if len(shape) > 1 else {})
    length = getattr(data, "__len__", None)
    return {"rows": int(length())} if callable(length) else {}


def _fitted_size(trained: object) -> dict[str, int]:
    features = getattr(trained, "n_features_in_", None)
    return {"features": int(features)} if features is not None else {}


def _plain(training: Any) -> dict[str, Any]:
    if training is None:
        return {}
    if isinstance(training, Mapping):
        return dict(training)
    return {name: value for name, value in training.to_dict().items() if value not in (None, (), [])}
