"""Labels spelled unlike predictions: the numbers of the same rows with the same words, or null with the reason."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from syndic.bias.counting.tally import add_up, make_plan, tally
from syndic.bias.models import BiasReport, Verdict
from syndic.bias.policy.model import BiasPolicy
from syndic.bias.report.build import make_report
from syndic.cli.shell.frame import run
from syndic.windows import Window
from syndic.windows.cells.vocabulary import find_value, means_the_same, spelled
from tests.unit.bias.cases import IDENTITY, policy, report, texts, window

LABEL_METRICS = ("equal_opportunity_difference", "predictive_parity_difference")

MATCHED = [
    ("True", "False"),
    ("TRUE", "false"),
    ("T", "F"),
    ("yes", "no"),
    ("YES", "No"),
    ("Y", "N"),
    ("ja", "nein"),
    ("Ja", "NEIN"),
    ("1.0", "0.0"),
    (" 1", "0 "),
    ("good", "bad"),
    ("Approved", "denied"),
    ("accepted", "rejected"),
]
UNKNOWN = [("kyllä", "ei"), ("igen", "nem"), ("a", "b"), ("evet", "yok"), ("grün", "rot"), ("2", "3"), ("M", "F")]


def rows_of(
    seed: int, size: int, *, chances: tuple[float, float] = (0.8, 0.4)
) -> tuple[list[str], list[int], list[int]]:
    """Two groups that are selected alike, of whose good payers different shares are found."""
    random = np.random.default_rng(seed)
    group = random.choice(["x", "y"], size)
    label = random.random(size) < 0.5
    found = np.where(group == "x", chances[0], chances[1])
    prediction = random.random(size) < np.where(label, found, 1 - found)
    return group.tolist(), prediction.astype(int).tolist(), label.astype(int).tolist()


def said(values: list[int], words: tuple[str, str]) -> list[str]:
    return [words[0] if value else words[1] for value in values]


def written(path: Path, columns: dict[str, list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


@pytest.fixture
def examined(capsys):
    """The report that the command prints."""

    def examine(path: Path, *options: str) -> dict:
        run(["bias", "--data", str(path), "--json", *options])
        return json.loads(capsys.readouterr().out)

    return examine


@pytest.fixture
def refused(capsys):
    """The sentence with which the command refuses its input."""

    def refuse(path: Path, *options: str) -> str:
        assert run(["bias", "--data", str(path), *options]) == 2
        return capsys.readouterr().err

    return refuse


COMMAND = ("--prediction", "decision", "--favourable", "1", "--protected", "group", "--label", "outcome")


@pytest.mark.parametrize("words", MATCHED, ids="/".join)
@pytest.mark.parametrize("seed", [1, 2])
def test_labels_in_other_words_give_the_numbers_of_the_same_words(examined, tmp_path, words, seed):
    group, decision, outcome = rows_of(seed, 900 + 300 * seed)
    columns = {"group": group, "decision": said(decision, ("1", "0"))}
    plain = examined(written(tmp_path / "a.csv", {**columns, "outcome": said(outcome, ("1", "0"))}), *COMMAND)
    other = examined(written(tmp_path / "b.csv", {**columns, "outcome": said(outcome, words)}), *COMMAND)
    assert plain["verdict"] == other["verdict"] == "disparity_indicated"
    assert plain["attributes"] == other["attributes"]
    assert plain["overall"] == other["overall"]
    assert plain["overall"]["precision"]["value"] > 0.3
    assert [spelled(value) for value in other["favourable_label"]] == [spelled(words[0])]
    if spelled(words[0]) != "1" or words[0] in {"True", "TRUE"}:
        assert any("labels are spelled" in warning and "--favourable-label" in warning for warning in other["warnings"])


@pytest.mark.parametrize("words", UNKNOWN, ids="/".join)
def test_labels_in_unknown_words_are_null_with_the_reason_and_no_pass(examined, tmp_path, words):
    group, decision, outcome = rows_of(3, 1500, chances=(0.7, 0.7))
    columns = {"group": group, "decision": said(decision, ("1", "0")), "outcome": said(outcome, words)}
    found = examined(written(tmp_path / "a.csv", columns), *COMMAND)
    assert found["verdict"] == "inconclusive"
    assert "have no value in common" in found["reason"]
    assert "--favourable-label" in found["unjudged"][0]
    assert set(found["overall"]) == {"selection_rate"}
    for name, one in found["attributes"]["group"]["groups"].items():
        assert one["confusion"] is None, name
        assert all(one[metric]["value"] is None and one[metric]["reason"] for metric in LABEL_METRICS)


@pytest.mark.parametrize("words", [*UNKNOWN, ("bad", "good")], ids="/".join)
def test_the_favourable_label_can_be_said_in_command_and_policy(examined, tmp_path, words):
    group, decision, outcome = rows_of(4, 1200)
    columns = {"group": group, "decision": said(decision, ("1", "0"))}
    plain = examined(written(tmp_path / "a.csv", {**columns, "outcome": said(outcome, ("1", "0"))}), *COMMAND)
    path = written(tmp_path / "b.csv", {**columns, "outcome": said(outcome, words)})
    by_option = examined(path, *COMMAND, "--favourable-label", words[0])
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "bias_monitoring:\n  favourable: 1\n  prediction: decision\n  label: outcome\n"
        f"  favourable_label: {words[0]}\n  protected_attributes: [group]\n",
        "utf-8",
    )
    by_policy = examined(path, "--policy", str(rules))
    assert by_option["attributes"] == by_policy["attributes"] == plain["attributes"]
    assert by_option["favourable_label"] == [words[0]]


def test_a_favourable_label_that_never_occurs_is_refused_by_the_command(refused, tmp_path):
    group, decision, outcome = rows_of(5, 600)
    columns = {"group": group, "decision": said(decision, ("1", "0")), "outcome": said(outcome, ("paid", "lost"))}
    path = written(tmp_path / "a.csv", columns)
    assert "'payed' does not occur; labels seen: lost, paid" in refused(path, *COMMAND, "--favourable-label", "payed")


@pytest.mark.parametrize(
    ("predictions", "favourable", "labels", "favoured"),
    [
        (("1", "0"), "0", ("yes", "no"), "no"),  # 1 is a default: no default favours
        (("1", "0"), "0", ("good", "bad"), "good"),  # a judging word is favourable by itself
        (("approved", "denied"), "approved", ("good", "bad"), "good"),
        (("approved", "denied"), "approved", ("1", "0"), None),  # 1 may be a default
        (("approved", "denied"), "denied", ("good", "bad"), None),
        (("yes", "no"), "yes", ("1", "0"), "1"),
        (("1", "0"), "1", ("1", "2"), None),  # 1 may be the better or the worse of 1 and 2
    ],
)
def test_the_rule_follows_what_the_words_mean(predictions, favourable, labels, favoured):
    group, decision, outcome = rows_of(6, 800)
    rows = window(group=group, prediction=said(decision, predictions), label=said(outcome, labels))
    found = report(rows, policy("group", favourable=(favourable,)))
    assert found.favourable_label == (() if favoured is None else (favoured,))
    assert any(rate.value is not None for rate in (found.overall.get("precision"),) if rate) is (favoured is not None)
    assert found.warnings or found.unjudged


def test_labels_of_other_scales_are_not_read_though_one_value_is_in_both():
    group, decision, _ = rows_of(7, 800)
    stars = [str(1 + place % 5) for place in range(800)]
    found = report(window(group=group, prediction=said(decision, ("1", "0")), label=stars), policy("group"))
    assert "too few values in common" in found.unjudged[0]
    assert found.attributes["group"].groups["x"].equal_opportunity_difference.value is None


@pytest.mark.parametrize("words", [("yes", "no"), ("approved", "denied"), ("kyllä", "ei"), ("1", "2")], ids="/".join)
def test_the_reading_of_labels_does_not_depend_on_how_the_rows_are_split(words):
    group, decision, outcome = rows_of(8, 1000)
    rows = window(group=group, prediction=said(decision, ("1", "0")), label=said(outcome, words))
    rules = policy("group")
    plan = make_plan(rules)
    order = np.argsort(np.array(outcome), kind="stable")  # the first pieces have no favourable label at all
    whole = report(rows, rules)
    parts = [tally(rows.take(part), plan) for part in np.array_split(order, 7)]
    for ordered in (parts, parts[::-1]):
        split = make_report(add_up(ordered, plan), plan, rules, "prediction", IDENTITY)
        assert as_json(split) == as_json(whole)


def as_json(found: BiasReport) -> dict:
    return found.model_dump(mode="json", exclude={"intake"})


@pytest.mark.parametrize("seed", range(6))
def test_random_words_are_read_right_or_not_at_all(seed):
    """Whatever the words: the numbers are those of the truth, or null; nothing between."""
    random = np.random.default_rng(seed)
    pool = [("yes", "no"), ("Y", "N"), ("True", "False"), ("1", "0"), ("Ja", "nein"), ("good", "bad"), ("oui", "non")]
    pool += [("aa", "bb"), ("10", "20"), ("Ω", "ω2"), ("pass", "fail")]
    for _ in range(6):
        mine, theirs = (pool[place] for place in random.integers(0, len(pool), 2))
        group, decision, outcome = rows_of(int(random.integers(1e6)), int(random.integers(400, 900)))
        truth = report(window(group=group, prediction=decision, label=outcome), policy("group"))
        rows = window(group=group, prediction=said(decision, mine), label=said(outcome, theirs))
        found = report(rows, policy("group", favourable=(mine[0],)))
        precision = found.overall.get("precision")
        if precision is None:
            assert found.unjudged, (mine, theirs)
        else:
            assert precision == truth.overall["precision"], (mine, theirs)


def test_scores_are_not_compared_with_labels_that_nobody_named_favourable():
    random = np.random.default_rng(9)
    rows = window(group=["x", "y"] * 300, score=random.random(600), label=["lost", "paid"] * 300)
    rules = BiasPolicy(score="score", label="label", outcomes=("score",), protected_attributes=[{"name": "group"}])
    found = report(rows, rules, "score")
    rates = found.attributes["group"].groups["x"].rates
    assert all(rates[name].value is None for name in ("auc", "observed_minus_expected") if name in rates)
    assert any("not named" in warning for warning in found.warnings)
    named = report(rows, rules.model_copy(update={"favourable_label": ("paid",)}), "score")
    assert named.attributes["group"].groups["y"].rates["auc"].reason  # all of y are paid: undefined, and said


@pytest.mark.parametrize("trees", [4, 10, 100, 500])
def test_probabilities_given_as_decisions_are_refused(refused, tmp_path, trees):
    """A forest gives exactly 1.0 to some rows: counting those alone as favourable would look like an answer."""
    random = np.random.default_rng(trees)
    chances = random.integers(0, trees + 1, 400) / trees
    columns = {"group": ["x", "y"] * 200, "decision": [f"{chance:.3g}" for chance in chances.tolist()]}
    path = written(tmp_path / "forest.csv", columns)
    sentence = refused(path, *COMMAND[:-2])
    assert "chances, not decisions" in sentence
    assert "--outcome score" in sentence
    rows = Window(400, {"group": texts(columns["group"]), "prediction": chances})
    assert report(rows, policy("group", label=None)).verdict is Verdict.NOT_ASSESSABLE


def test_predictions_in_other_words_than_the_favourable_value_are_refused_though_labels_have_it():
    group, decision, outcome = rows_of(10, 600)
    rows = window(group=group, prediction=said(decision, ("yes", "no")), label=said(outcome, ("1", "0")))
    found = report(rows, policy("group"))
    assert found.verdict is Verdict.NOT_ASSESSABLE
    assert "the favourable value '1' does not occur; values seen: no, yes" in found.reason


def test_another_spelling_among_the_predictions_is_said():
    rows = window(group=["x", "y"] * 300, prediction=(["yes", "no", "Y", "no"] * 150))
    found = report(rows, policy("group", label=None, favourable=("yes",)))
    assert any("also hold Y" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("True", "true"),
        ("TRUE", "1"),
        (" 1", "1.0"),
        ("Unknown\n", "unknown"),
        ("É", "E\u0301"),
        ("-0", "0"),
        ("a  b", "A b"),
    ],
)
def test_spellings_of_one_value(one, other):
    assert spelled(one) == spelled(other)


def test_values_that_look_alike_are_not_one():
    assert spelled("1_0") != spelled("10")
    assert spelled("10") != spelled("1")
    assert find_value("f", ("F", "f")) == "f"
    assert find_value("Ff", ("FF", "ff")) is None  # either could be meant
    assert means_the_same("1", ("approved",)) is None
    assert means_the_same("yes", ()) is None


@pytest.mark.parametrize("words", [("yes", "no"), ("True", "False"), ("good", "bad")], ids="/".join)
def test_labels_looked_at_as_decisions_are_read_by_the_same_rule(examined, refused, tmp_path, words):
    random = np.random.default_rng(11)
    group = random.choice(["x", "y"], 900)
    outcome = (random.random(900) < np.where(group == "x", 0.3, 0.6)).astype(int).tolist()
    columns = {"group": group.tolist(), "outcome": said(outcome, words)}
    asked = ("--outcome", "label", "--label", "outcome", "--protected", "group")
    found = examined(written(tmp_path / "a.csv", columns), *asked, "--favourable", "1")
    assert found["verdict"] == "adverse_impact_indicated"
    assert found["warnings"]
    named = examined(tmp_path / "a.csv", *asked, "--favourable-label", words[0])
    assert named["attributes"] == found["attributes"]
    other = written(tmp_path / "b.csv", {**columns, "outcome": said(outcome, ("kyllä", "ei"))})
    assert "have no value in common" in refused(other, *asked, "--favourable", "1")
