"""An import ends in time and goes on, and one version that cannot be taken hides no other."""

from __future__ import annotations

from typing import Any

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.models import ComplianceStatus, imported_id
from syndic.records import list_models
from syndic.registry.sync.export import relay
from syndic.registry.sync.foreign import RelayedRegistry
from syndic.registry.sync.importer import import_models
from syndic.registry.versions.versions import change_status
from tests.unit.registry.case import NOW
from tests.unit.registry.workspace import NAME, Workspace


class Here:
    """Our registry beside another one."""

    def __init__(self, **held: dict[str, Any]) -> None:
        self.workspace, self.store, self.audit = Workspace(held), MemoryStore(), MemoryAudit()

    def take(self, **options: Any) -> Any:
        relay(self.workspace, store=self.store)
        registry = RelayedRegistry(NAME, self.store)
        return import_models(registry, store=self.store, audit=self.audit, actor="discovery", now=NOW, **options)


def test_an_import_that_has_much_to_do_goes_on_in_the_next_one() -> None:
    here = Here(**{name: {"1": {}, "2": {}} for name in ("a", "b", "c")})
    added = [here.take(most=2).added for _ in range(4)]
    assert [len(one) for one in added] == [2, 2, 2, 0]
    assert len({label for one in added for label in one}) == 6


def test_a_model_is_registered_once_however_many_versions_it_has() -> None:
    here = Here(credit={str(number): {} for number in range(5)})
    here.take()
    assert [model.name for model in list_models(here.store)] == ["credit"]
    assert [entry.action for entry in here.audit.entries].count("model.registered") == 1


def test_versions_of_a_model_that_is_retired_here_are_left_out_with_the_reason() -> None:
    here = Here(credit={"1": {}}, churn={"1": {}})
    here.take()
    change_status(
        imported_id(NAME, "credit"), ComplianceStatus.RETIRED, reason="replaced", actor="ann",
        store=here.store, audit=here.audit, now=NOW,
    )  # fmt: skip
    here.workspace.held = {"credit": {"1": {}, "2": {}}, "churn": {"1": {}, "2": {}}}
    report = here.take()
    assert (report.added, report.unchanged) == (("churn version 2",), 2)
    (left_out,) = report.unsound
    assert left_out.where == "credit version 2"
    assert "retired" in left_out.reason
