"""A quality policy written as YAML: its own field names, alone or under ``data_quality``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from syndic.errors import InvalidInputError
from syndic.quality.policy.model import QualityPolicy
from syndic.spelling import refusal, refuse_unknown
from syndic.yaml_file import load_yaml

ROOT: Final = "data_quality"
_SIZE: Final = 1_000_000


def read_policy(text: str | bytes, *, where: str = "policy") -> QualityPolicy:
    """A policy from YAML. Raises `InvalidInputError` that names the field or the line."""
    if len(text) > _SIZE:
        raise InvalidInputError(f"a policy has at most {_SIZE} characters", where=where)
    document = load_yaml(text, where=where)
    if not isinstance(document, Mapping):
        raise InvalidInputError("a mapping of settings is expected", where=where)
    given = document.get(ROOT, document)
    if given is not document:
        refuse_unknown(document, (ROOT,), where=where)
    if not isinstance(given, Mapping):
        raise InvalidInputError(f"{ROOT} is a mapping of settings", where=where)
    try:
        return QualityPolicy.model_validate(dict(given))
    except ValidationError as error:
        raise refusal(error, QualityPolicy, where=where) from error
