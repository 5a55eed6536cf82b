"""Other registries are kept in step by a schedule; one that refuses stops nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from functions.registries.handler import handler
from syndic.errors import UnavailableError
from syndic.models import Cloud
from syndic.records import list_models
from syndic.registry.models import RequestState
from syndic.registry.sync.importer import ForeignVersion, Unsound
from tests.edges.world import NOW


class Registry:
    """A registry with one version, or one that refuses."""

    def __init__(self, *, refuse: bool = False) -> None:
        self.name, self.refuse = "sagemaker packages 1/eu-central-1" + "-refusing" * refuse, refuse

    def versions(self, *, after: str | None = None) -> Iterator[ForeignVersion | Unsound]:
        if self.refuse:
            raise UnavailableError("access denied")
        assert after is None
        yield ForeignVersion(cloud=Cloud.AWS, model="churn", version="7", foreign_id="arn:7", created_at=NOW)
        yield Unsound(where="churn version 8", reason="the package is Failed")

    def tell_approval(self, foreign_id: str, state: RequestState, *, reason: str, tags: Mapping[str, str]) -> bool:
        raise AssertionError("nobody asked for approval here")


def test_a_registry_is_imported_and_one_that_refuses_is_counted(wire, context):
    world = wire("found")
    world.registries = (Registry(refuse=True), Registry())
    handler({"type": "registries.scheduled"}, context)
    handler({"type": "registries.scheduled"}, context)
    found = {model.name: (model.cloud, model.stages) for model in list_models(world.store)}
    assert found == {"churn": (Cloud.AWS, ("development",))}
    counted = [(name, value, dimensions.get("outcome")) for name, value, dimensions in world.counted]
    assert counted.count(("RegistriesRead", 1, "unavailable")) == 2
    assert counted.count(("RegistriesRead", 1, "read")) == 2
    assert [value for name, value, _ in counted if name == "VersionsImported"] == [1, 0]
