"""Where erasures are kept. docs/keys.md lists all keys."""

from __future__ import annotations

from syndic.ports import Key

ALL = "erasures"
"""Partition in which all erasures are listed, by time."""


def partition_of(model_id: str) -> str:
    """The erasures of a model, in their order."""
    return f"erasures.{model_id}"


def erasure_key(erasure_id: str) -> Key:
    """An erasure; its id is that of the model and a number."""
    model_id, _, number = erasure_id.rpartition(".e")
    return Key(partition_of(model_id), number)


def sheet_name(erasure_id: str, sha256: str) -> str:
    """Name of a sheet in the archive."""
    return f"erasures/{erasure_id}/{sha256[:32]}.json"
