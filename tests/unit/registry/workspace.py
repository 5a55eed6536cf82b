"""A registry that only one cloud can read, in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from syndic.errors import NotFoundError, UnavailableError
from syndic.models import Cloud
from syndic.registry.sync.importer import ForeignVersion, Unsound
from tests.unit.registry.case import NOW

NAME = "azureml models subscription/group/workspace"


@dataclass
class Workspace:
    """A `ListedRegistry`. `held` has the tags of each version, or why it is not sound."""

    held: dict[str, dict[str, dict[str, str] | str]] = field(default_factory=dict)
    name: str = NAME
    refuse: str | None = None
    refuse_models: set[str] = field(default_factory=set)
    refuse_writes: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    def models(self) -> Mapping[str, str | None]:
        if self.refuse is not None:
            raise UnavailableError(self.refuse)
        return dict.fromkeys(self.held, "who repays")

    def versions_of(self, model: str, about: str | None) -> Iterator[ForeignVersion | Unsound]:
        self.asked.append(model)
        if self.refuse is not None or model in self.refuse_models:
            raise UnavailableError(f"{model} is refused")
        for version, tags in self.held.get(model, {}).items():
            if isinstance(tags, str):
                yield Unsound(where=f"{model} version {version}", reason=tags)
            else:
                yield ForeignVersion(
                    cloud=Cloud.AZURE,
                    model=model,
                    version=version,
                    foreign_id=f"/models/{model}/versions/{version}",
                    created_at=NOW,
                    model_description=about,
                    tags=tags,
                    run_tags=tags,
                )

    def tag(self, model: str, version: str, tags: Mapping[str, str]) -> bool:
        self.tried.append(f"{model} {version}")
        if model in self.refuse_writes:
            raise UnavailableError("AuthorizationFailed: may not write")
        held = self.held.get(model, {}).get(version)
        if held is None or isinstance(held, str):
            raise NotFoundError("the version is not there")
        if tags.items() <= held.items():
            return False
        self.held[model][version] = {**held, **tags}
        return True
