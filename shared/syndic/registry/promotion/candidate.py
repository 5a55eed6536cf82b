"""Whether evidence is about the version that is to be promoted. Pure functions."""

from __future__ import annotations

from typing import Final

from syndic.models import Evidence
from syndic.registry.models import Artefact, ModelVersion
from syndic.registry.promotion.strategies import SERVED_AS
from syndic.registry.versions.lifecycle import lifecycle

ASSESSMENT: Final = "assessment:"
"""Before a kind of evidence: the artefact of a version that assesses it where no run of it can exist yet."""

MEASURED: Final = frozenset({"drift.run", "quality.run", "bias.run", "quality.performance"})
"""Kinds that a check makes of captured traffic, so that a version which never served has none."""


def about_candidate(version: ModelVersion, evidence: Evidence) -> str | None:
    """What has to be said where evidence counts for a version; None where it is about another one.

    Evidence without `model_version` is about the model. One that names two versions, or says that it is not known
    which version served, is about neither.
    """
    if "model_version" not in evidence.facts or str(evidence.facts["model_version"]) in names_of(version):
        return ""
    if evidence.kind not in lifecycle().carries_over:
        return None
    return f" (about {named_version(evidence)}; carried over, since it is about the data that come in)"


def named_version(evidence: Evidence) -> str:
    """The version that evidence names, in words."""
    about = evidence.facts.get("model_version")
    return "a version that is not known" if about is None else f"version {about}"


def assessment_of(version: ModelVersion, kind: str) -> Artefact | None:
    """The artefact that assesses a version in the place of a run. One without a hash could be exchanged."""
    wanted = f"{ASSESSMENT}{kind}"
    return next((one for one in version.artefacts if one.name == wanted and one.sha256 is not None), None)


def names_of(version: ModelVersion) -> set[str]:
    """What a version may be called where it serves: its own name, and the cloud's for its model."""
    served = (one.location.rpartition("/")[2] for one in version.artefacts if one.name == SERVED_AS)
    return {version.version, *served}
