"""What a registry lists in one cloud is known in the other, whatever of it cannot be read, and is written back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.errors import NotFoundError
from syndic.mirror.change_log import ChangeLog
from syndic.models import to_json
from syndic.ports import Key, Record
from syndic.records import iterate
from syndic.registry.keys import FOREIGN, TOLD, listed_prefix, relayed_key, told_key, told_prefix
from syndic.registry.models import RequestState
from syndic.registry.sync.export import MOST_FAILED, MOST_TOLD, relay
from syndic.registry.sync.foreign import RelayedRegistry, Tagging, relayed_registries
from syndic.registry.sync.importer import ForeignVersion, Unsound
from tests.unit.registry.case import NOW
from tests.unit.registry.workspace import NAME, Workspace


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def known(store: MemoryStore) -> list[str]:
    (registry,) = relayed_registries(store)
    return [f"{one.model} {one.version}" for one in registry.versions() if isinstance(one, ForeignVersion)]


def troubles(store: MemoryStore) -> list[Unsound]:
    return [one for one in RelayedRegistry(NAME, store).versions() if isinstance(one, Unsound)]


def want(store: MemoryStore, model: str, version: str = "1", **tags: str) -> None:
    """What people decided in the other cloud arrived here."""
    foreign_id = f"/models/{model}/versions/{version}"
    body = to_json(Tagging(source=NAME, foreign_id=foreign_id, tags=tags or {"syndic.approval": "approved"}))
    store.put(Record(told_key(NAME, foreign_id), body))


def test_nothing_is_relayed_before_something_was_listed(store: MemoryStore) -> None:
    assert relayed_registries(store) == []


def test_versions_are_kept_as_they_are_listed_and_written_only_when_they_changed(store: MemoryStore) -> None:
    workspace = Workspace({"car-loan": {"1": {"team": "loans"}, "2": "it is Failed"}, "churn": {"1": {}}})
    noted: list[str] = []
    own = ChangeLog(store, wanted=lambda key, _: noted.append(key.sort) is None, clock=lambda: NOW)
    first = relay(workspace, store=own)
    assert (first.listed, first.kept, first.complete) == (2, 3, True)
    assert sorted(known(store)) == ["car-loan 1", "churn 1"]
    assert troubles(store) == [Unsound(where="car-loan version 2", reason="it is Failed")]
    noted.clear()
    again = relay(workspace, store=own)
    assert (again.listed, again.kept, again.removed, noted) == (2, 0, 0, [])
    workspace.held["churn"]["1"] = {"team": "customers"}
    assert relay(workspace, store=own).kept == 1


def test_what_is_no_longer_listed_is_no_longer_kept(store: MemoryStore) -> None:
    workspace = Workspace({"car-loan": {"1": {}, "2": {}}, "churn": {"1": {}}})
    relay(workspace, store=store)
    del workspace.held["car-loan"]["1"], workspace.held["churn"]
    assert relay(workspace, store=store).removed == 2
    assert known(store) == ["car-loan 2"]


def test_a_registry_that_cannot_be_read_keeps_what_was_listed_and_says_so(store: MemoryStore) -> None:
    workspace = Workspace({"car-loan": {"1": {}}})
    relay(workspace, store=store)
    want(store, "car-loan")
    workspace.refuse = "AuthorizationFailed: not yours"
    assert relay(workspace, store=store).unavailable == "AuthorizationFailed: not yours"
    assert (known(store), workspace.tried) == (["car-loan 1"], [])
    (said,) = troubles(store)
    assert said == Unsound(where=NAME, reason="what was listed before is kept: AuthorizationFailed: not yours")
    workspace.refuse = None
    assert relay(workspace, store=store).told == 1
    assert troubles(store) == []


def test_a_model_that_cannot_be_listed_keeps_its_versions_and_hides_no_other(store: MemoryStore) -> None:
    workspace = Workspace({"a": {"1": {}}, "b": {"1": {}}})
    relay(workspace, store=store)
    workspace.refuse_models, workspace.held["b"] = {"a"}, {"1": {}, "2": {}}
    done = relay(workspace, store=store)
    assert (done.unavailable, done.unsound) == (None, (Unsound(where="a", reason="a is refused"),))
    assert sorted(known(store)) == ["a 1", "b 1", "b 2"]
    assert troubles(store) == [Unsound(where="a", reason="a is refused")]


def test_when_many_models_fail_the_run_gives_up_and_the_next_goes_on_after_them(store: MemoryStore) -> None:
    workspace = Workspace({f"m{number}": {"1": {}} for number in range(8)})
    workspace.refuse_models = {f"m{number}" for number in range(MOST_FAILED)}
    first = relay(workspace, store=store)
    assert first.unavailable is not None
    assert "m4 is refused" in first.unavailable
    assert len(workspace.asked) == MOST_FAILED
    assert relay(workspace, store=store).complete
    assert sorted(known(store)) == ["m5 1", "m6 1", "m7 1"]


def test_a_large_registry_is_listed_in_portions_that_end(store: MemoryStore) -> None:
    workspace = Workspace({f"m{number:02}": {"1": {}, "2": {}} for number in range(20)})
    runs = [relay(workspace, store=store, most=9)]
    while not runs[-1].complete:
        assert len(runs) < 20
        runs.append(relay(workspace, store=store, most=9))
    assert len(runs) == 7  # each run lists three models and keeps six versions
    assert workspace.asked == sorted(workspace.held)
    assert len(known(store)) == 40
    del workspace.held["m00"]
    assert relay(workspace, store=store, most=9).removed == 2  # though the run ends before the other models


def test_tags_are_written_once(store: MemoryStore) -> None:
    workspace = Workspace({"car-loan": {"1": {"team": "loans"}}})
    relay(workspace, store=store)
    want(store, "car-loan")
    assert relay(workspace, store=store).told == 1
    assert workspace.held["car-loan"]["1"] == {"team": "loans", "syndic.approval": "approved"}
    assert relay(workspace, store=store).told == 0
    assert workspace.tried == ["car-loan 1"]


def test_a_refused_write_is_listed_in_both_clouds_and_stops_nothing(store: MemoryStore) -> None:
    workspace = Workspace({"a": {"1": {}}, "b": {"1": {}}}, refuse_writes={"a"})
    relay(workspace, store=store)
    for model in ("a", "b", "gone"):
        want(store, model)
    done = relay(workspace, store=store)
    assert (done.unavailable, done.told) == (None, 1)
    reasons = {"a version 1": "AuthorizationFailed: may not write"}
    assert {one.where: one.reason for one in done.untold} == reasons
    assert {one.where: one.reason for one in troubles(store)} == reasons


def test_nothing_but_own_tags_is_written(store: MemoryStore) -> None:
    workspace = Workspace({"car-loan": {"1": {"team": "loans"}}})
    relay(workspace, store=store)
    want(store, "car-loan", **{"team": "forged", "syndic.stage": "staging"})
    relay(workspace, store=store)
    assert workspace.held["car-loan"]["1"] == {"team": "loans", "syndic.stage": "staging"}


def test_a_record_of_a_newer_version_hides_no_other(store: MemoryStore) -> None:
    workspace = Workspace({"a": {"1": {}}, "b": {"1": {}}})
    relay(workspace, store=store)
    want(store, "b")
    for key in (Key(TOLD, f"{told_prefix(NAME)}0"), Key(FOREIGN, f"{listed_prefix(NAME)}0"), relayed_key(NAME)):
        present = store.get(key)
        store.put(Record(key, {**(present.body if present else {}), "model": "a", "field_of_tomorrow": 1}))
    assert sorted(known(store)) == ["a 1", "b 1"]
    assert len(troubles(store)) == 2
    store.put(Record(relayed_key(NAME), {"name": NAME}))
    done = relay(workspace, store=store)
    assert (done.told, len(done.untold)) == (1, 1)


def test_many_refused_writes_take_turns(store: MemoryStore) -> None:
    names = [f"m{number:03}" for number in range(MOST_TOLD + 50)]
    workspace = Workspace({name: {"1": {}} for name in names}, refuse_writes=set(names))
    relay(workspace, store=store)
    for name in names:
        want(store, name)
    relay(workspace, store=store)
    relay(workspace, store=store)
    assert len(workspace.tried) == 2 * MOST_TOLD
    assert {one.partition(" ")[0] for one in workspace.tried} == set(names)


def test_what_is_told_is_kept_once_and_only_of_what_is_listed(store: MemoryStore) -> None:
    relay(Workspace({"car-loan": {"1": {}}}), store=store)
    registry = RelayedRegistry(NAME, store)
    tags = {"syndic.approval": "approved"}
    told = [
        registry.tell_approval("/models/car-loan/versions/1", RequestState.APPROVED, reason="", tags=tags)
        for _ in range(2)
    ]
    assert told == [True, False]
    with pytest.raises(NotFoundError, match="the version is not there"):
        registry.tell_approval("/models/car-loan/versions/2", RequestState.APPROVED, reason="", tags=tags)


@pytest.mark.parametrize("name", ["über ☃/..\\?#%", "", " " * 300, "<script>"])
def test_names_may_hold_any_text(store: MemoryStore, name: str) -> None:
    workspace = Workspace({name: {"1": {}}}, name=f"azureml models {name}")
    relay(workspace, store=store)
    assert known(store) == [f"{name} 1"]


def test_registries_do_not_mix(store: MemoryStore) -> None:
    def listed() -> Iterator[list[str]]:
        for registry in relayed_registries(store):
            yield [one.model for one in registry.versions() if isinstance(one, ForeignVersion)]

    for name, models in (("one", ("a", "b")), ("two", ("c",))):
        relay(Workspace({model: {"1": {}} for model in models}, name=name), store=store)
    relay(Workspace({"a": {"1": {}}}, name="one"), store=store)
    assert sorted(listed()) == [["a"], ["c"]]
    assert len(list(iterate(store, "registry.foreign"))) == 4
