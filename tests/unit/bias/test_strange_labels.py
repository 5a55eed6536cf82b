"""Labels outside the two words that were matched: missing and said, or none is read; never silently unfavourable."""

from __future__ import annotations

import numpy as np
import pytest

from syndic.bias.counting.tally import add_up, make_plan, tally
from syndic.bias.models import BEYOND, Verdict
from syndic.bias.report.build import make_report
from syndic.cli.shell.frame import run
from syndic.windows import Window
from tests.unit.bias.cases import IDENTITY, policy, report, texts, window

PASSES = {Verdict.NO_INDICATION, Verdict.DIFFERENCE_UNDER_THRESHOLD}


def fair_rows(seed: int, size: int = 3000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two groups of which equally many are right: group, prediction and truth."""
    random = np.random.default_rng(seed)
    truth = random.random(size) < 0.5
    return random.choice(["a", "b"], size), np.where(random.random(size) < 0.85, truth, ~truth), truth


def said(values: np.ndarray, words: tuple[str, str] = ("1", "0")) -> np.ndarray:
    return np.where(values, *words).astype(object)


def rows_of(group: np.ndarray, prediction: np.ndarray, label: np.ndarray) -> Window:
    return window(group=group.tolist(), prediction=prediction.tolist(), label=label.tolist())


@pytest.mark.parametrize("word", ["pending", "?", "open", "in Bearbeitung", "2", "-1"])
@pytest.mark.parametrize("words", [("1", "0"), ("yes", "no"), ("good", "bad"), ("repaid", "default")], ids="/".join)
@pytest.mark.parametrize("of", ["b", "all"])
def test_a_third_label_is_a_missing_one_and_is_said(word, words, of):
    group, prediction, truth = fair_rows(1)
    random = np.random.default_rng(2)
    open_ones = (random.random(len(group)) < 0.4) & ((group == "b") | (of == "all"))
    label = np.where(open_ones, word, said(truth, words))
    matched = ("repaid", "default") if words[0] == "repaid" else ("1", "0")
    rules = policy("group", favourable=(matched[0],))
    found = report(rows_of(group, said(prediction, matched), label), rules)
    bare = report(rows_of(group, said(prediction, matched), np.where(open_ones, None, label)), rules)
    assert found.attributes == bare.attributes
    assert found.overall["precision"].value == pytest.approx(0.85, abs=0.03)
    assert found.rows.label_coverage == pytest.approx(1 - open_ones.mean())
    assert found.verdict not in BEYOND
    note = next(one for one in found.warnings if "count as missing labels" in one)
    assert f"{word} ({open_ones.sum()} rows)" in note


@pytest.mark.parametrize("strange", [("repaid", "default"), ("kyllä", "ei"), ("A", "B")], ids="/".join)
@pytest.mark.parametrize("seed", range(3))
def test_labels_of_one_group_in_another_vocabulary_are_no_disparity_and_no_pass(strange, seed):
    group, prediction, truth = fair_rows(seed)
    label = np.where(group == "a", said(truth), said(truth, strange))
    found = report(rows_of(group, said(prediction), label), policy("group"))
    assert found.verdict is Verdict.INCONCLUSIVE
    bare = "no row of b has a label" if found.rows.label_coverage >= 0.5 else "are read as missing"
    assert any(bare in one for one in found.unjudged)
    assert found.attributes["group"].groups["b"].labelled == 0
    assert any("count as missing labels" in one for one in found.warnings)


def test_labels_of_one_group_in_words_of_known_sense_are_read():
    group, prediction, truth = fair_rows(4)
    label = np.where(group == "a", said(truth), said(truth, ("yes", "no")))
    plain = report(rows_of(group, said(prediction), said(truth)), policy("group"))
    found = report(rows_of(group, said(prediction), label), policy("group"))
    assert found.attributes == plain.attributes
    mixed = np.where(group == "a", said(truth, ("approved", "denied")), said(truth, ("good", "bad")))
    rules = policy("group", favourable=("approved",))
    plain = report(rows_of(group, said(prediction, ("approved", "denied")), said(truth, ("good", "bad"))), rules)
    found = report(rows_of(group, said(prediction, ("approved", "denied")), mixed), rules)
    assert found.attributes == plain.attributes
    assert found.favourable_label == ("approved", "good")
    assert any("by what the words mean" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("predictions", "labels"),
    [
        (("1", "0"), ("2", "1")),
        (("1", "0"), ("1", "2")),
        (("0", "1"), ("1", "2")),
        (("1", "0"), ("1", "-1")),
        (("1", "-1"), ("1", "0")),
        (("1", "2"), ("1", "0")),
        (("2", "1"), ("1", "0")),
        (("A", "B"), ("B", "C")),
        (("approved", "denied"), ("repaid", "approved")),
        (("1", "0"), ("1", "pending")),
    ],
)
def test_two_vocabularies_that_share_one_value_are_not_read(predictions, labels, capsys, tmp_path):
    group, prediction, truth = fair_rows(5)
    found = report(
        rows_of(group, said(prediction, predictions), said(truth, labels)),
        policy("group", favourable=(predictions[0],)),
    )
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "too few values in common" in found.unjudged[0]
    assert found.attributes["group"].groups["a"].predictive_parity_difference.value is None
    assert "precision" not in found.overall
    path = tmp_path / "rows.csv"
    cells = zip(group, said(prediction, predictions), said(truth, labels), strict=True)
    path.write_text("g,d,y\n" + "".join(f"{','.join(row)}\n" for row in cells), "utf-8")
    options = ["--prediction", "d", "--favourable", predictions[0], "--label", "y", "--protected", "g"]
    assert run(["bias", "--data", str(path), *options]) == 3
    assert "too few values in common" in capsys.readouterr().out.splitlines()[0]
    run(["bias", "--data", str(path), *options, "--favourable-label", labels[0]])
    assert "in common" not in capsys.readouterr().out


def test_the_text_of_the_command_says_what_was_left_out(capsys, tmp_path):
    group, prediction, truth = fair_rows(6)
    label = np.where(group == "b", np.where(np.arange(len(group)) % 3 == 0, "pending", said(truth)), said(truth))
    path = tmp_path / "rows.csv"
    cells = zip(group, said(prediction), label, strict=True)
    path.write_text("g,d,y\n" + "".join(f"{','.join(row)}\n" for row in cells), "utf-8")
    options = ["--prediction", "d", "--favourable", "1", "--label", "y", "--protected", "g"]
    run(["bias", "--data", str(path), *options])
    assert "Note: labels also hold pending (" in capsys.readouterr().out
    run(["bias", "--data", str(path), *options, "--favourable-label", "1"])
    assert "Note: of the labels 1 is named as favourable: 0, pending count as unfavourable" in capsys.readouterr().out


def test_labels_of_a_larger_scale_are_not_read_though_both_words_are_on_it():
    group, prediction, _ = fair_rows(7)
    stars = np.array([str(place % 6) for place in range(len(group))], object)
    found = report(rows_of(group, said(prediction), stars), policy("group"))
    assert "too few values in common" in found.unjudged[0]


@pytest.mark.parametrize("as_numbers", [False, True])
def test_strange_labels_do_not_depend_on_how_the_rows_are_split_and_scores_follow(as_numbers):
    group, prediction, truth = fair_rows(8)
    random = np.random.default_rng(9)
    label = np.where(random.random(len(group)) < 0.2, "7", np.where(truth, "1", "0"))
    columns = {"group": texts(group.tolist()), "score": random.random(len(group)) * 0.5 + truth * 0.3}
    columns["prediction"] = prediction.astype(float) if as_numbers else texts(said(prediction).tolist())
    columns["label"] = label.astype(float) if as_numbers else texts(label.tolist())
    rows = Window(len(group), columns)
    missing = np.where(label == "7", np.nan, label.astype(float))
    bare = Window(len(group), {**columns, "prediction": prediction.astype(float), "label": missing})
    rules = policy("group", score="score", outcomes=("prediction", "score"))
    plan = make_plan(rules)
    parts = [tally(rows.take(part), plan) for part in np.array_split(np.argsort(label, kind="stable"), 5)]
    for outcome in rules.outcomes:
        whole = report(rows, rules, outcome)
        for ordered in (parts, parts[::-1]):
            split = make_report(add_up(ordered, plan), plan, rules, outcome, IDENTITY)
            assert split.model_dump(exclude={"intake"}) == whole.model_dump(exclude={"intake"})
        assert whole.attributes == report(bare, rules, outcome).attributes
        assert whole.details == report(bare, rules, outcome).details
