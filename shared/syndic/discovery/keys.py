"""Where discovery keeps its records."""

from __future__ import annotations

import hashlib
from typing import Final

from syndic.ports import Key

SOURCES: Final = "discovery.sources"


def source_key(name: str) -> Key:
    """Key of what a source last listed. Names of sources hold any text."""
    return Key(SOURCES, hashlib.sha256(name.encode()).hexdigest()[:32])


def bookmark_key(model_id: str) -> Key:
    """Key of a model's bookmark."""
    return Key(f"model.{model_id}", "bookmark")


def baseline_key(model_id: str) -> Key:
    """Key under which a model's baseline is named; discovery only looks whether there is one."""
    return Key(f"model.{model_id}", "baseline")


def ended_key(source: str) -> Key:
    """Key of how far a source's ended batch jobs were handed on."""
    return Key("discovery.jobs", hashlib.sha256(source.encode()).hexdigest()[:32])


def jobs_key(model_id: str) -> Key:
    """Key of which batch jobs of a model wait for checks, and of what is said of the newest."""
    return Key(f"model.{model_id}", "jobs")
