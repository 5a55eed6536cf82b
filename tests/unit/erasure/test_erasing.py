"""Rows of persons go from captured files as planned, and nothing else does."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest

from syndic.adapters.memory import gzipped
from syndic.erasure.models import ErasureState
from syndic.erasure.request import YOUNG
from syndic.errors import ConflictError, InvalidInputError, UnavailableError
from syndic.models import CaptureFormat, CaptureSchema, ColumnKind, ColumnRole, ColumnSpec, EvidenceStatus
from syndic.records import list_evidence
from tests.unit.erasure.conftest import ENDPOINT, HOUR, NOW, SCHEMA, Desk, call, calls, label_line


def test_a_plan_says_what_goes_and_changes_nothing_and_then_exactly_that_goes(desk: Desk) -> None:
    mine, other = call("k-7", row_id="c-1"), call("k-8", row_id="c-2")
    mixed, theirs = desk.capture(mine, other, name="0.jsonl"), desk.capture(other, name="1.jsonl")
    alone = desk.capture(mine, mine, name="2.jsonl")
    labels = desk.label(label_line("c-1", "yes", column="repaid"), label_line("c-2", "no", column="repaid"))
    before = dict(desk.captures._objects)
    plan = desk.plan("k-7")
    assert desk.captures._objects == before
    assert plan.state is ErasureState.PLANNED
    assert (plan.found.looked_at, plan.found.objects, plan.found.removed, plan.found.rows) == (4, 3, 1, 4)
    assert plan.found.unreadable == plan.found.unresolved == 0
    done = desk.apply(plan)
    assert done.state is ErasureState.APPLIED
    assert (done.done.objects, done.done.rows, done.done.changed) == (3, 4, 0)
    assert desk.content(mixed) == other
    assert desk.content(theirs) == other
    assert alone not in desk.addresses()
    assert desk.content(labels) == label_line("c-2", "no", column="repaid")
    (evidence,) = [one for one in list_evidence(desk.store, "credit") if one.kind == "erasure.run"]
    assert evidence.status is EvidenceStatus.PASSING
    assert evidence.facts["rows"] == 4


def test_no_identifier_is_kept_anywhere(desk: Desk) -> None:
    desk.capture(call("k-7-secret", row_id="c-1"), call("k-8", row_id="c-2"))
    desk.label(label_line("c-1", "yes", column="repaid"))
    asked = desk.ask("k-7-secret")
    assert "k-7-secret" not in desk.everything()
    desk.work()
    desk.apply(desk.get(asked))
    assert "k-7-secret" not in desk.everything()
    (record,) = [one for key, one in desk.store._kept.items() if key.partition == "erasures.credit"]
    assert '"wanted":[]' in json.dumps(json.loads(record.body), separators=(",", ":"))
    assert desk.audit.actions == [
        "erasure.plan_asked", "erasure.planned", "erasure.apply_asked", "erasure.applied"
    ]  # fmt: skip


CSV = ("k-7,1\nk-8,2\nk-7,3", "yes\nno\nyes")
JSON_ROWS = (
    json.dumps({"instances": [["k-7", 1], ["k-8", 2], ["k-7", 3]]}), json.dumps({"predictions": ["yes", "no", "yes"]})
)  # fmt: skip
BY_NAME = (
    json.dumps([{"customer": one, "amount": at} for at, one in enumerate(("k-7", "k-8", "k-7"))]),
    json.dumps([{"granted": one} for one in ("yes", "no", "yes")]),
)
COLUMNS = (
    json.dumps({"customer": ["k-7", "k-8", "k-7"], "amount": [1, 2, 3]}), json.dumps({"granted": ["yes", "no", "yes"]})
)  # fmt: skip
SPLIT = (
    json.dumps({"dataframe_split": {"columns": ["customer", "amount"], "data": [["k-7", 1], ["k-8", 2], ["k-7", 3]]}}),
    json.dumps(["yes", "no", "yes"]),
)


@pytest.mark.parametrize(
    ("sides", "encoding", "kind"),
    [
        (CSV, "CSV", "text/csv"),
        (CSV, "BASE64", "text/csv"),
        (JSON_ROWS, "JSON", "application/json"),
        (JSON_ROWS, "BASE64", "application/json"),
        (BY_NAME, "JSON", "application/json"),
        (COLUMNS, "JSON", "application/json"),
        (SPLIT, "JSON", "application/json"),
    ],
)
def test_of_a_call_of_several_persons_only_their_rows_go(
    desk: Desk, sides: tuple[str, str], encoding: str, kind: str
) -> None:
    uri = desk.capture(calls(*sides, encoding=encoding, kind=kind), call("k-8", row_id="c-2"))
    labels = desk.label(*(label_line(f"c-9#{at}", "yes", column="repaid") for at in range(3)))
    plan = desk.plan("k-7")
    assert (plan.found.rows, plan.found.unresolved) == (4, 0)
    assert [one.cut for one in desk.objects(plan)] == [{1: (0, 2)}, {}]
    desk.apply(plan)
    again = desk.plan("k-7")
    assert again.found.rows == 0
    assert desk.plan("k-8").found.rows == 2
    assert b"k-7" not in desk.content(uri)
    assert desk.content(labels) == label_line("c-9#1", "yes", column="repaid")


def test_what_cannot_be_cut_stays_and_is_said(desk: Desk) -> None:
    strange = calls('k-7,1\n"k-8",2\n', '{"granted": ["yes", "no"], "n": 3}', kind="text/csv")
    uri = desk.capture(strange.replace(b'"encoding": "CSV"', b'"encoding": "NONE"'), b"no JSON\n", call("k-7"))
    parquet = desk.capture(b"PAR1", name="0.parquet")
    broken = desk.capture(gzipped(call("k-7"))[:-9], name="0.jsonl.gz")
    plan = desk.plan("k-7")
    assert plan.found.unreadable == 2
    assert sorted(plan.found.reasons) == ["Parquet, which is not rewritten", "compressed data that is damaged"]
    done = desk.apply(plan)
    assert {uri, parquet, broken} <= desk.addresses()
    (evidence,) = [one for one in list_evidence(desk.store, "credit") if one.kind == "erasure.run"]
    assert evidence.status is EvidenceStatus.INCONCLUSIVE
    assert "2 unreadable, 2 unresolved" in evidence.summary
    assert done.done.rows == 1


def test_compressed_files_and_tables_with_a_header_are_rewritten_in_kind(desk: Desk) -> None:
    uri = desk.captures.capture(ENDPOINT, HOUR, gzipped(call("k-7") + call("k-8", row_id="c-2")), name="0.jsonl.gz").uri
    table = desk.capture(b'customer,note\nk-7,"two\nlines"\nk-8,x\n', name="0.csv")
    bare = desk.capture(b"a,b\n1,2\n", name="1.csv")
    desk.apply(desk.plan("k-7"))
    assert gzip.decompress(desk.content(uri)) == call("k-8", row_id="c-2")
    assert desk.content(table) == b"customer,note\nk-8,x\n"
    assert desk.content(bare) == b"a,b\n1,2\n"


@pytest.mark.parametrize(("given", "captured"), [("7", 7), ("7", 7.0), ("7", " 7 "), ("7.0", "7"), ("true", True)])
def test_a_number_and_its_text_name_the_same_person(desk: Desk, given: str, captured: object) -> None:
    desk.capture(call(captured), call("70", row_id="c-2"))
    assert desk.plan(given).found.rows == 1


def test_without_a_column_the_row_id_names_persons_else_the_call(desk: Desk) -> None:
    desk.capture(call("k-7", row_id="c-1"), call("k-7", row_id="c-2"), calls(*CSV, row_id="c-3"))
    assert desk.plan("c-2", column=None).found.rows == 1
    assert desk.plan("c-3#1", column=None).found.rows == 1
    named = (ColumnSpec(name="customer", kind=ColumnKind.CATEGORICAL, role=ColumnRole.ROW_ID), SCHEMA.inputs[1])
    desk.register(SCHEMA.model_copy(update={"inputs": named}))
    labels = desk.label(label_line("k-7", "yes", column="repaid"))
    plan = desk.plan("k-7", column=None)
    assert (plan.column, plan.found.rows) == ("customer", 5)
    assert labels in [one.uri for one in desk.objects(plan)]


def test_an_object_that_became_another_is_left_and_counted(desk: Desk) -> None:
    uri, gone = desk.capture(call("k-7"), call("k-8", row_id="c-2")), desk.capture(call("k-7"), b"\n", name="1.jsonl")
    plan = desk.plan("k-7")
    desk.captures.add(uri, call("k-7") + call("k-9", row_id="c-3"))
    del desk.captures._objects[gone]
    done = desk.apply(plan)
    assert (done.done.changed, done.done.objects) == (1, 1), "the one that was to go whole has gone"
    assert b"k-7" in desk.content(uri)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("died_at", range(1, 13))
def test_interrupted_anywhere_it_goes_on_and_loses_nothing(desk: Desk, died_at: int, *, after: bool) -> None:
    for name in ("0", "1", "2"):
        desk.capture(call("k-7"), call("k-8", row_id="c-2"), name=f"{name}.jsonl")
    desk.capture(call("k-7"), name="3.jsonl")
    plan = desk.plan("k-7")
    dying = _Dying(desk.captures, died_at, after=after)
    captures, desk.captures = desk.captures, dying  # type: ignore[assignment]
    try:
        desk.apply(plan)
    except UnavailableError:
        desk.captures = captures
        from syndic.models import ErasureStepRequested

        desk.bus.published.append(ErasureStepRequested(erasure_id=plan.id))
        desk.work()
    done = desk.get(plan)
    assert (done.state, done.trouble) == (ErasureState.APPLIED, None)
    assert (done.done.objects, done.done.rows, done.done.changed, done.done.gone) == (4, 4, 0, 0)
    assert [desk.content(uri) for uri in sorted(captures._objects)] == [call("k-8", row_id="c-2")] * 3
    assert desk.audit.actions.count("erasure.applied") == 1


class _Dying:
    """A store that stops answering at the n-th call that looks or writes, before it or after it was done."""

    def __init__(self, inner: object, at: int, *, after: bool) -> None:
        self._inner, self._left, self._after = inner, at, after

    def __getattr__(self, name: str) -> object:
        found = getattr(self._inner, name)
        if name not in {"look_at", "rewrite", "remove", "open"}:
            return found

        def call_it(*args: object, **options: object) -> object:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise UnavailableError("gone")
            answer = found(*args, **options)
            if self._left == 0:
                raise UnavailableError("gone")
            return answer

        return call_it


def test_long_work_is_done_in_steps_with_the_same_plan(desk: Desk) -> None:
    for number in range(7):
        desk.capture(call("k-7", row_id=f"c-{number}"), call("k-8", row_id=f"d-{number}"), name=f"{number}.jsonl")
    desk.label(*(label_line(f"c-{number}", "yes", column="repaid") for number in range(7)))
    desk.captures.page = 3
    asked = desk.ask("k-7")
    desk.work(over=lambda: True)
    assert desk.steps > 7
    plan = desk.get(asked)
    assert (plan.found.looked_at, plan.found.rows, plan.found.objects) == (8, 14, 8)
    steps = desk.steps
    desk.bus.published.clear()
    from syndic.erasure.request import ask_apply

    ask_apply(plan.id, str(plan.plan_sha256), allowed=True, held=(), actor="dora", **desk.common)
    desk.work(over=lambda: True)
    assert desk.steps - steps >= 8
    assert desk.get(plan).done.rows == 14


def test_only_the_plan_that_was_looked_at_is_done_and_only_where_it_is_allowed(desk: Desk) -> None:
    desk.capture(call("k-7"))
    plan = desk.plan("k-7")
    with pytest.raises(ConflictError, match="erase_captures"):
        desk.apply(plan, allowed=False)
    with pytest.raises(ConflictError, match="not the hash"):
        desk.apply(plan.model_copy(update={"plan_sha256": "0" * 64}))
    name = plan.sheets[0].name
    desk.archive._objects[name] = (b"{}", *desk.archive._objects[name][1:])
    with pytest.raises(ConflictError, match="SHA-256"):
        desk.apply(plan)
    assert len(desk.addresses()) == 1


def test_a_legal_hold_stops_it_at_every_point(desk: Desk) -> None:
    desk.capture(call("k-7"))
    plan = desk.plan("k-7")
    desk.held.add("model/credit")
    for verb in (lambda: desk.apply(plan), lambda: desk.ask("k-7")):
        with pytest.raises(ConflictError, match="legal hold"):
            verb()
    desk.held.clear()
    from syndic.erasure.request import ask_apply

    ask_apply(plan.id, str(plan.plan_sha256), allowed=True, held=(), actor="dora", **desk.common)
    desk.held.add("captures/credit")
    desk.work()
    assert desk.get(plan).state is ErasureState.STOPPED
    assert len(desk.addresses()) == 1
    desk.held.clear()
    assert desk.apply(plan).state is ErasureState.APPLIED


def test_what_is_older_than_a_period_goes_by_its_folder(desk: Desk) -> None:
    old = desk.capture(call("k-7"), call("k-8"), hour=NOW - timedelta(days=40))
    edge = desk.capture(call("k-8"), hour=NOW - timedelta(days=30))
    loose = desk.captures.add("s3://captures/data/credit/notes.jsonl", b"{}\n").uri
    plan = desk.plan(days=30, column=None)
    assert plan.notices == (YOUNG,)
    assert [(one.uri, one.rows, one.whole) for one in desk.objects(plan)] == [(old, 2, True)]
    assert plan.found.reasons == {"an object whose folder names no time": 1}
    desk.apply(plan)
    assert desk.addresses() == {edge, loose}


def test_what_cannot_be_asked_is_refused_by_name(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="identifiers"):
        desk.ask()
    with pytest.raises(InvalidInputError, match="identifiers"):
        desk.ask("a", days=3)
    with pytest.raises(InvalidInputError, match=r"column.*customer, amount, granted"):
        desk.ask("a", column="name")
    with pytest.raises(InvalidInputError, match="empty or says that a value is missing"):
        desk.ask("  ")
    desk.register(CaptureSchema(inputs=()), None)
    with pytest.raises(ConflictError, match="no traffic"):
        desk.ask("a", column=None)
    assert ENDPOINT.capture is not None
    azure = ENDPOINT.capture.model_copy(update={"format": CaptureFormat.AZURE_COLLECTOR})
    desk.register(SCHEMA, ENDPOINT.model_copy(update={"capture": azure}))
    with pytest.raises(ConflictError, match="Azure"):
        desk.ask("a")


def test_asked_again_while_it_is_planned_it_is_one(desk: Desk) -> None:
    desk.capture(call("k-7"))
    first = desk.ask("k-7")
    assert desk.ask("k-7") == first
    assert desk.ask("k-8").id != first.id
