"""The same file through a command and through a check on schedule: exit code and evidence say the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import yaml

from syndic.bias.models import Verdict as BiasVerdict
from syndic.bias.policy.file import parse_policy
from syndic.bias.policy.kept import set_policy as set_bias_policy
from syndic.cli.shell.frame import run
from syndic.drift.models import DriftPolicy, FeatureRule
from syndic.drift.set_baseline import UploadedRows, set_baseline
from syndic.models import CaptureSchema, CheckRequested, ColumnKind, ColumnRole, ColumnSpec, Evidence, WindowLength
from syndic.quality.models import ColumnRule, QualityPolicy
from syndic.quality.policy.kept import set_policy as set_quality_policy
from syndic.records import list_evidence
from tests.reading import check_bias, check_quality
from tests.unit.drift.case import Case
from tests.unit.windows.captured import CSV, sagemaker, side

WINDOW = WindowLength.MONTH.around(datetime(2026, 3, 2, tzinfo=UTC))
NUMERIC, CATEGORICAL = ColumnKind.NUMERIC, ColumnKind.CATEGORICAL
KINDS = {"amount": NUMERIC, "city": CATEGORICAL, "ref": CATEGORICAL, "fee": CATEGORICAL, "sex": CATEGORICAL}
STATUS = {0: "passing", 1: "failing", 3: "inconclusive"}
Row = dict[str, str]


@dataclass
class Files:
    """What a case is made of: rows of a baseline and of a window, which of their records are broken, policies."""

    before: list[Row]
    after: list[Row]
    broken_before: int = 0
    broken_after: int = 0
    drift: DriftPolicy = field(default_factory=DriftPolicy)
    quality: QualityPolicy = field(default_factory=QualityPolicy)


def rows(seed: int, size: int, **columns: Callable[[np.random.Generator, int], str]) -> list[Row]:
    dice = np.random.default_rng(seed)
    usual: dict[str, Callable[[np.random.Generator, int], str]] = {
        "amount": lambda dice, _: f"{dice.normal(100, 9):.3f}",
        "city": lambda dice, _: str(dice.choice(["Ulm", "Bonn", "Jena"])),
        "ref": lambda dice, _: f"r-{dice.integers(10**12):012d}",
        "fee": lambda dice, _: str(dice.choice(["low", "high"])),
        "sex": lambda dice, _: str(dice.choice(["f", "m"])),
        "decision": lambda dice, _: str(int(dice.random() < 0.5)),
    }
    return [{name: make(dice, row) for name, make in {**usual, **columns}.items()} for row in range(size)]


def usual(seed: int) -> Files:
    return Files(rows(seed, 700), rows(seed + 1, 400))


def unread_amounts(seed: int) -> Files:
    def fee(dice: np.random.Generator, _: int) -> str:
        return f"DM {dice.integers(9):d}{dice.random() * 1000:07.2f}"

    return Files(rows(seed, 700, fee=fee), rows(seed + 1, 400, fee=fee))


def identifiers_that_became_few(seed: int) -> Files:
    return Files(rows(seed, 700), rows(seed + 1, 400, ref=lambda dice, _: f"r-{dice.integers(5)}"))


def moved(seed: int) -> Files:
    return Files(rows(seed, 700), rows(seed + 1, 400, amount=lambda dice, _: f"{dice.normal(150, 9):.3f}"))


def a_city_that_is_new(seed: int) -> Files:
    return Files(rows(seed, 700), rows(seed + 1, 400, city=lambda dice, _: str(dice.choice(["Ulm", "Bonn", "Kiel"]))))


def lost_records(seed: int) -> Files:
    return Files(rows(seed, 700), rows(seed + 1, 400), broken_after=60)


def lost_records_of_the_baseline(seed: int) -> Files:
    return Files(rows(seed, 700), rows(seed + 1, 400), broken_before=90)


def no_city(seed: int) -> Files:
    return Files([{**row, "city": ""} for row in rows(seed, 700)], rows(seed + 1, 400))


def few_rows(seed: int) -> Files:
    return Files(rows(seed, 700), rows(seed + 1, 40))


def columns_that_only_the_policy_names(seed: int) -> Files:
    found = usual(seed)
    found.drift = DriftPolicy(rules={"agee": FeatureRule(psi_threshold=0.2)})
    found.quality = QualityPolicy(columns={"agee": ColumnRule(low=0)})
    return found


def an_ignored_column(seed: int) -> Files:
    found = moved(seed)
    found.drift = DriftPolicy(rules={"amount": FeatureRule(ignore=True)})
    found.quality = QualityPolicy(columns={"amount": ColumnRule(ignore=True)})
    return found


CASES = [
    usual, unread_amounts, identifiers_that_became_few, moved, a_city_that_is_new, lost_records,
    lost_records_of_the_baseline, no_city, few_rows, columns_that_only_the_policy_names, an_ignored_column,
]  # fmt: skip


def captured(given: list[Row], broken: int) -> bytes:
    calls = []
    for place, row in enumerate(given):
        inputs = ["no,number"] if place < broken else [",".join(row[name] for name in KINDS)]
        calls.append((side(inputs[0], CSV), side(row["decision"], CSV)))
    return sagemaker(calls)


def schema(*, protected: bool) -> CaptureSchema:
    sex = ColumnRole.PROTECTED if protected else ColumnRole.FEATURE
    return CaptureSchema(
        inputs=tuple(
            ColumnSpec(name=name, kind=kind, role=sex if name == "sex" else ColumnRole.FEATURE)
            for name, kind in KINDS.items()
        ),
        outputs=(ColumnSpec(name="decision", kind=CATEGORICAL, role=ColumnRole.PREDICTION),),
    )


@pytest.fixture
def both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, dict[str, Any], Evidence, Any]]:
    """The exit code and the JSON of a command, and the evidence and the report of the check on schedule."""

    def judged(check: str, files: Files, *, protected: bool) -> tuple[int, dict[str, Any], Evidence, Any]:
        described = schema(protected=protected)
        sides = captured(files.before, files.broken_before), captured(files.after, files.broken_after)
        for name, data in zip(("before", "after"), sides, strict=True):
            (tmp_path / f"{name}.jsonl").write_bytes(data)
        (tmp_path / "schema.json").write_text(described.model_dump_json())
        policy = files.drift if check == "drift" else files.quality
        kept = policy.model_dump(mode="json", exclude_defaults=True)
        (tmp_path / "policy.yaml").write_text(yaml.safe_dump(kept) if kept else "min_samples: 50\n")
        options = [f"--{name}={tmp_path / name}.{end}" for name, end in (("schema", "json"), ("policy", "yaml"))]
        options = options if kept else options[:1]
        code = run(
            [check, f"--baseline={tmp_path}/before.jsonl", f"--current={tmp_path}/after.jsonl", "--json", *options]
        )
        told = capsys.readouterr()
        case = Case(schema=described, length=WindowLength.MONTH)
        case.add(WINDOW.start, sides[1])
        ports = {"store": case.store, "captures": case.captures, "archive": case.archive, "audit": case.audit}
        now = datetime(2026, 11, 21, 12, tzinfo=UTC)
        set_baseline(case.model.id, UploadedRows("before.jsonl", sides[0]), actor="ann", now=now, **cast("Any", ports))
        if check == "drift":
            case.policy(files.drift)
            report: Any = case.check(WINDOW)
        else:
            set_quality_policy(case.model.id, files.quality, store=case.store, audit=case.audit, actor="ann", now=now)
            request = CheckRequested(check="quality", model_id=case.model.id, window=WINDOW)
            report = check_quality(request, bus=case.bus, now=now, **cast("Any", ports))
        (evidence,) = [one for one in list_evidence(case.store, case.model.id) if one.kind == f"{check}.run"]
        assert told.err == ""
        return code, json.loads(told.out), evidence, report

    return judged


@pytest.mark.parametrize("seed", [11])
@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("made", CASES)
@pytest.mark.parametrize("check", ["drift", "quality"])
def test_a_command_and_a_check_on_schedule_judge_alike(
    both: Callable[..., Any], check: str, made: Callable[[int], Files], protected: bool, seed: int
) -> None:
    code, told, evidence, report = both(check, made(seed), protected=protected)
    assert STATUS[code] == evidence.status.value, (told["reason"], evidence.summary)
    assert told["verdict"] == report.verdict.value
    assert tuple(told["not_judged"]) == report.not_judged
    if check == "drift":
        verdicts = {name: feature["verdict"] for name, feature in told["features"].items()}
        assert verdicts == {name: feature.verdict.value for name, feature in report.features.items()}
        assert told["mistyped_columns"] == report.mistyped_columns
    else:
        issues = [(issue["check"], issue["column"]) for issue in told["issues"]]
        assert issues == [(issue.check.value, issue.column) for issue in report.issues]
    if report.verdict.value in {"no_drift", "sound"}:
        assert all(name in evidence.summary for name in report.not_judged)


@pytest.mark.parametrize(
    ("made", "check", "code"),
    [
        (usual, "drift", 0),
        (unread_amounts, "drift", 3),
        (unread_amounts, "quality", 3),
        (identifiers_that_became_few, "drift", 3),
        (moved, "drift", 1),
        (lost_records_of_the_baseline, "quality", 3),
        (columns_that_only_the_policy_names, "drift", 3),
        (columns_that_only_the_policy_names, "quality", 3),
        (an_ignored_column, "drift", 0),
        (an_ignored_column, "quality", 0),
    ],
)
def test_what_a_case_ends_with(both: Callable[..., Any], made: Callable[[int], Files], check: str, code: int) -> None:
    assert both(check, made(31), protected=False)[0] == code


@pytest.mark.parametrize("rates", [(0.5, 0.5), (0.6, 0.2), (0.5, 0.45)])
@pytest.mark.parametrize("broken", [0, 60])
@pytest.mark.parametrize("attributes", [("sex",), ("sex", "fee")])
def test_fairness_is_judged_alike_and_an_input_set_aside_for_its_name_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    rates: tuple[float, float],
    broken: int,
    attributes: tuple[str, ...],
) -> None:
    dice = np.random.default_rng(int(1000 * rates[1]) + broken)
    given = rows(5, 600)
    for row in given:
        row["decision"] = str(int(dice.random() < rates[row["sex"] == "f"]))
        row["fee"] = "" if "fee" in attributes and dice.random() < 0.6 else row["fee"]
    described = schema(protected=False)
    earlier = ColumnSpec(name="decision", kind=CATEGORICAL)
    described = described.model_copy(update={"inputs": (*described.inputs, earlier)})
    calls = []
    for place, row in enumerate(given):
        inputs = ",".join([*(row[name] for name in KINDS), "1"])
        calls.append((side("none" if place < broken else inputs, CSV), side(row["decision"], CSV)))
    (tmp_path / "data.jsonl").write_bytes(sagemaker(calls))
    (tmp_path / "schema.json").write_text(described.model_dump_json())
    policy = {"favourable": ["1"], "prediction": "decision", "protected_attributes": [*attributes]}
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump({"bias_monitoring": policy}))
    options = [f"--data={tmp_path}/data.jsonl", f"--schema={tmp_path}/schema.json", f"--policy={tmp_path}/policy.yaml"]
    code = run(["bias", *options, "--json"])
    output = capsys.readouterr()
    assert output.err == ""
    told = json.loads(output.out)
    case = Case(schema=described, length=WindowLength.MONTH)
    case.add(WINDOW.start, (tmp_path / "data.jsonl").read_bytes())
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    kept = parse_policy((tmp_path / "policy.yaml").read_text(), source="policy")
    set_bias_policy(case.model.id, kept, store=case.store, audit=case.audit, actor="ann", now=now)
    request = CheckRequested(check="bias", model_id=case.model.id, window=WINDOW)
    ports = {"store": case.store, "captures": case.captures, "archive": case.archive, "audit": case.audit}
    (report,) = check_bias(request, bus=case.bus, now=now, **cast("Any", ports))
    (evidence,) = [one for one in list_evidence(case.store, case.model.id) if one.kind == "bias.run"]
    reviewed = report.verdict is BiasVerdict.DIFFERENCE_UNDER_THRESHOLD
    # What one window shows need not be confirmed yet: then the evidence has no answer, and never a better one.
    expected = {"inconclusive"} if reviewed else {STATUS[code], *(["inconclusive"] if code == 1 else [])}
    assert evidence.status.value in expected, (told["reason"], evidence.summary)
    said = "an input has the name of an output (decision)"
    for warnings in (told["warnings"], report.warnings):
        assert any(said in warning for warning in warnings)
