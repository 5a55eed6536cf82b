"""Linear models of scikit-learn in skops files, read with numpy alone: no pickle, no scikit-learn, no code of the file.

A skops file is a zip of a ``schema.json`` that describes objects and of ``.npy`` arrays. What is read is a closed list:
a pipeline of scalers and one linear classifier or regressor. Anything else is refused by its name.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from syndic.errors import InvalidInputError
from syndic.ports import Asked, Cell
from syndic.zip_errors import DAMAGED

Floats = NDArray[np.float64]

MOST_BYTES: Final = 20_000_000
WHERE: Final = "backend.address"
CLASSIFIERS: Final = ("LogisticRegression",)
REGRESSORS: Final = ("LinearRegression", "Ridge", "Lasso", "ElasticNet")


@dataclass(frozen=True, slots=True)
class LinearModel:
    """``weights`` has shape (outputs, features), ``intercept`` (outputs,). Steps are applied before, in their order.

    ``names`` are those that the model was trained with, in its order; None: it was trained without names.
    """

    steps: tuple[tuple[Floats, Floats], ...]
    weights: Floats
    intercept: Floats
    classifies: bool
    names: tuple[str, ...] | None = None

    def predict(self, values: Floats) -> Floats:
        """Scores of rows, shape (rows,): the probability of the last of two classes, or the value of a regression."""
        for centre, scale in self.steps:
            values = (values - centre) / scale
        raw = (values @ self.weights.T + self.intercept)[:, 0]
        return 1.0 / (1.0 + np.exp(-raw)) if self.classifies else raw


class LinearService:
    """Answers by a skops file.

    Args:
        read: The bytes at an address, which is in storage that the deployment may read.
    """

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._models: dict[str, LinearModel] = {}

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[JsonValue]:
        """As `syndic.ports.Backends`. Raises `InvalidInputError` for a file that is none of what is read."""
        model = self._models.get(asked.address)
        if model is None:
            model = self._models[asked.address] = read_skops(self._read(asked.address))
        width = model.weights.shape[1]
        if width != len(features):
            raise InvalidInputError(f"the file takes {width} values, the signature {len(features)}", where=WHERE)
        order = features if model.names is None else model.names
        if set(order) != set(features):
            raise InvalidInputError("the file was trained with other features than the signature's", where=WHERE)
        try:
            values = np.array([[row[name] for name in order] for row in rows], dtype=np.float64)
        except (TypeError, ValueError):
            raise InvalidInputError("a linear model takes numbers only, none missing", where="body") from None
        with np.errstate(over="ignore"):
            return [float(score) for score in model.predict(values)]


def read_skops(data: bytes) -> LinearModel:
    """The linear model in a skops file. Raises `InvalidInputError` that names what is not read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
                raise InvalidInputError(f"it unpacks to more than {MOST_BYTES} bytes", where=WHERE)
            schema = json.loads(archive.read("schema.json"))
            return _model(schema, archive)
    except (*DAMAGED, KeyError, TypeError, AttributeError, IndexError, MemoryError, RecursionError) as error:
        raise InvalidInputError(f"not a skops file that can be read ({type(error).__name__})", where=WHERE) from None


def _model(node: Mapping[str, Any], archive: zipfile.ZipFile) -> LinearModel:
    name = str(node.get("__class__"))
    if name == "Pipeline":
        parts = [_part(step) for step in _content(node, "steps")["content"]]
        *scalers, last = parts
        model = _model(last, archive)
        steps = tuple(step for one in scalers for step in _scaler(one, archive))
        names = next((it for it in map(_names, parts) if it is not None), None)
        return LinearModel((*steps, *model.steps), model.weights, model.intercept, model.classifies, names)
    if name not in (*CLASSIFIERS, *REGRESSORS):
        known = ", ".join((*CLASSIFIERS, *REGRESSORS))
        raise InvalidInputError(f"{name} is not read here, only a pipeline of scalers and one of {known}", where=WHERE)
    weights = np.atleast_2d(_array(node, "coef_", archive))
    intercept = np.atleast_1d(_array(node, "intercept_", archive))
    if weights.ndim != 2 or weights.shape[0] != 1 or intercept.shape[0] != 1:
        raise InvalidInputError("it has more than one output; two classes or one value are served", where=WHERE)
    if not (np.isfinite(weights).all() and np.isfinite(intercept).all()):
        raise InvalidInputError("a weight is no finite number", where=WHERE)
    return LinearModel((), weights, intercept, name in CLASSIFIERS, _names(node))


def _names(node: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names that a step was fitted with; None where it saw none."""
    found = node["content"]["content"].get("feature_names_in_")
    if found is None:
        return None
    return tuple(str(json.loads(one["content"])) for one in found["content"])


def _scaler(node: Mapping[str, Any], archive: zipfile.ZipFile) -> list[tuple[Floats, Floats]]:
    name = str(node.get("__class__"))
    if name == "StandardScaler":
        centre = _array(node, "mean_", archive) if _value(node, "with_mean") else np.zeros(1)
        scale = _array(node, "scale_", archive) if _value(node, "with_std") else np.ones(1)
        return [(centre, scale)]
    if name == "MinMaxScaler" and not _value(node, "clip"):
        scale, offset = _array(node, "scale_", archive), _array(node, "min_", archive)
        return [(-offset / scale, 1.0 / scale)]
    raise InvalidInputError(
        f"the step {name} is not read here, only StandardScaler and MinMaxScaler that does not clip", where=WHERE
    )


def _part(step: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object of a pipeline's step, which is a tuple of a name and it."""
    found: Mapping[str, Any] = step["content"][1]
    return found


def _content(node: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = node["content"]["content"][name]
    return found


def _value(node: Mapping[str, Any], name: str) -> Any:
    return json.loads(str(_content(node, name).get("content")))


def _array(node: Mapping[str, Any], name: str, archive: zipfile.ZipFile) -> Floats:
    found = _content(node, name)
    if found.get("__loader__") == "NdArrayNode":
        return np.asarray(np.load(io.BytesIO(archive.read(str(found["file"]))), allow_pickle=False), dtype=np.float64)
    return np.asarray(float(_value(node, name)), dtype=np.float64)
