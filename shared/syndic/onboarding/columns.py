"""What columns are to a model: by their side, their name, and whether each captured row has a value of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from syndic.grounds import ground_of
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec
from syndic.onboarding.models import Attribute
from syndic.windows import Categories, Window

FEWEST_ROWS: Final = 20
"""Fewer rows say nothing on whether each has a value of its own."""

_IDENTIFIER: Final = re.compile(r"(^|_)(id|uuid|guid|key|ref|reference|number|nr|no)$|Id$|ID$")
_SCORE: Final = re.compile(r"score|prob|confidence|likelihood", re.IGNORECASE)


def with_roles(schema: CaptureSchema, window: Window) -> CaptureSchema:
    """The schema with roles: a row's id among the inputs, a score among the outputs; all else stays as it is.

    Args:
        schema: As it was found: inputs are features, outputs predictions.
        window: Rows read with it.
    """
    inputs = tuple(_input(spec, window) for spec in schema.inputs)
    named = [spec.name for spec in inputs if spec.role is ColumnRole.ROW_ID]
    inputs = tuple(
        spec.model_copy(update={"role": ColumnRole.IGNORED}) if spec.name in named[1:] else spec for spec in inputs
    )
    return CaptureSchema(inputs=inputs, outputs=tuple(_output(spec, window) for spec in schema.outputs))


def protected_in(specs: Iterable[ColumnSpec]) -> tuple[Attribute, ...]:
    """The columns whose names tell a ground of discrimination."""
    found = ((spec.name, ground_of(spec.name)) for spec in specs if spec.role is not ColumnRole.ROW_ID)
    return tuple(Attribute(column=name, ground=ground) for name, ground in found if ground is not None)


def _input(spec: ColumnSpec, window: Window) -> ColumnSpec:
    if spec.role is ColumnRole.FEATURE and _IDENTIFIER.search(spec.name) and _names_each_row(spec.name, window):
        return spec.model_copy(update={"role": ColumnRole.ROW_ID, "kind": ColumnKind.CATEGORICAL})
    return spec


def _names_each_row(name: str, window: Window) -> bool:
    column = window.columns.get(name)
    if column is None or window.rows < FEWEST_ROWS:
        return False
    if isinstance(column, Categories):
        return bool((column.codes >= 0).all()) and np.unique(column.codes).size == window.rows
    whole = np.isfinite(column).all() and bool((column == np.rint(column)).all())
    return bool(whole) and np.unique(column).size == window.rows


def _output(spec: ColumnSpec, window: Window) -> ColumnSpec:
    column = window.columns.get(spec.name)
    if spec.role is not ColumnRole.PREDICTION or column is None or isinstance(column, Categories):
        return spec
    present = column[np.isfinite(column)]
    shares = present.size > 0 and bool(((present >= 0) & (present <= 1)).all()) and bool((present % 1 != 0).any())
    if shares or (_SCORE.search(spec.name) and present.size):
        return spec.model_copy(update={"role": ColumnRole.SCORE})
    return spec
