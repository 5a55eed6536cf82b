"""Labels and predictions in other words: what the favourable label is, or why it cannot be known. Pure.

A column of labels says what happened, one of predictions what was decided, and they often come from two systems. Where
their words cannot be matched by a rule that is said, label-based numbers are null with the reason: a precision of 0
because nothing matched would look like a measurement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from syndic.bias.counting.grouping import VALUES_KEPT
from syndic.bias.counting.score_histogram import without_labels
from syndic.bias.counting.tally import Meant, Tally
from syndic.bias.counting.tensor import ABSENT, FAVOURABLE, CountTensor
from syndic.bias.policy.model import BiasPolicy
from syndic.windows.cells.vocabulary import Sense, is_probability, listed, means_the_same, number_in, sense_of, spelled

SAY = "say which label is the favourable one: --favourable-label, or favourable_label in the policy"


@dataclass(frozen=True, slots=True)
class Reading:
    """How the labels are read.

    Attributes:
        tally: The counts with the labels so read; without any label where they cannot be.
        favourable: The values that count as favourable labels, as they are spelled.
        note: The rule that matched them, when it is more than "the same words". To be shown.
        obstacle: Why they cannot be read; None when they can, or when there are none.
    """

    tally: Tally
    favourable: tuple[str, ...] = ()
    note: str | None = None
    obstacle: str | None = None


def read_labels(tally: Tally, policy: BiasPolicy) -> Reading:
    """Match the labels' words with the favourable ones, by the first rule that fits.

    1. `favourable_label`, when the policy names it.
    2. The favourable value is spelled the same among the labels, or all labels are words of the predictions.
    3. All labels have a known meaning beside the favourable value: yes and no, or good and bad.
    """
    labels, predictions = tally.values_in("label"), tally.values_in("prediction")
    if not labels:
        return Reading(tally)
    obstacle = _obstacle(tally, policy)
    if obstacle:
        return Reading(_unlabelled(tally), obstacle=obstacle)
    if policy.favourable_label:
        return Reading(tally, _spelled_like(policy.favourable_label, labels))
    if _is_by_meaning(tally, policy):
        meant = tally.meant or Meant(tally.tensor, tally.scores)
        found = tuple(sorted(label for label in labels if means_the_same(label, policy.favourable)))
        note = _said(labels, predictions, found, policy)
        return Reading(replace(tally, tensor=meant.tensor, scores=meant.scores, meant=None), found, note)
    found = _spelled_like(policy.favourable, labels)
    note = _strangers(labels, predictions, found) or _said(labels, predictions, found, policy)
    return Reading(tally, found, note)


def _obstacle(tally: Tally, policy: BiasPolicy) -> str | None:
    labels, named = tally.values_in("label"), policy.favourable_label
    occurs = bool(tally.tensor.counts[:, FAVOURABLE, :].any())
    if named:
        if occurs or all(means_the_same(label, named) is False for label in labels):
            return None
        return f"the favourable label {' or '.join(named)!r} does not occur; labels seen: {listed(labels, at_most=12)}"
    if not policy.favourable:
        return f"which label is favourable is not named; {SAY}"
    if _are_chances(labels, policy.favourable):
        return f"the labels are numbers ({listed(labels)}), not classes; {SAY}"
    return None if _is_by_meaning(tally, policy) else _no_common_words(tally, policy, occurs=occurs)


def _no_common_words(tally: Tally, policy: BiasPolicy, *, occurs: bool) -> str | None:
    labels, predictions = tally.values_in("label"), tally.values_in("prediction")
    mine, theirs = _keys(labels), _keys(predictions)
    if occurs:
        # 1 and 2 beside 0 and 1 may be good and bad; 1 to 5 beside them are something else, though 1 is in both.
        strange = mine - theirs and theirs - mine and mine & theirs <= _keys(policy.favourable)
        if not strange or len(mine) <= 2:
            return None
    elif mine <= theirs:
        return None  # labels in the predictions' words, none of them favourable
    against = f"predictions ({listed(predictions)})" if predictions else f"{listed(policy.favourable)}"
    common = "too few values" if mine & (theirs | _keys(policy.favourable)) else "no value"
    return f"labels ({listed(labels)}) and {against} have {common} in common; {SAY}"


def _is_by_meaning(tally: Tally, policy: BiasPolicy) -> bool:
    """Whether the labels are read by what they mean: in other words, or where one answer is spelled in several ways."""
    labels, predictions = tally.values_in("label"), tally.values_in("prediction")
    if len(labels) >= VALUES_KEPT or any(means_the_same(label, policy.favourable) is None for label in labels):
        return False
    answers = all(sense_of(label) in {Sense.YES, Sense.NO} for label in labels)
    return answers or not _keys(labels) & (_keys(predictions) | _keys(policy.favourable))


def _said(
    labels: frozenset[str], predictions: frozenset[str], found: tuple[str, ...], policy: BiasPolicy
) -> str | None:
    """The rule by which labels were matched that are not the very words of the predictions."""
    words = predictions | set(policy.favourable)
    keys, asked = _keys(words), _keys(policy.favourable)
    spelling = any(label not in words and spelled(label) in keys for label in labels)
    # Without a favourable label there are other words where no label is one of the predictions' (0 beside 1 is none).
    meaning = (
        not _keys(found) <= asked if found else not _keys(labels) & keys and not _keys(labels) | keys <= {"0", "1"}
    )
    if not spelling and not meaning:
        return None
    read = f"{listed(found)} is read as the favourable {listed(policy.favourable)}" if found else "none is favourable"
    return (
        f"labels are spelled {listed(labels)} where predictions are {listed(predictions) or 'not there'}: {read}, "
        f"{'by what the words mean' if meaning else 'another spelling of it'}; --favourable-label, or "
        "favourable_label in the policy, says otherwise"
    )


def _strangers(labels: frozenset[str], predictions: frozenset[str], found: tuple[str, ...]) -> str | None:
    """Both sides have words that the other one never has: the rule that was used must be said."""
    mine = {label for label in labels if spelled(label) not in _keys(predictions)}
    theirs = {value for value in predictions if spelled(value) not in _keys(labels)}
    if not predictions or not mine or not theirs:
        return None
    return (
        f"labels hold {listed(mine)} and predictions hold {listed(theirs)}, which the other side never has: "
        f"{listed(found)} counts as favourable in both, everything else as unfavourable"
    )


def why_no_decisions(tally: Tally, policy: BiasPolicy) -> str | None:
    """Why the predictions cannot be read as decisions for or against a person; None when they can."""
    labels, predictions = tally.values_in("label"), tally.values_in("prediction")
    if _are_chances(predictions, policy.favourable):
        some = listed(filter(is_probability, predictions))
        return (
            f"the predictions are numbers between 0 and 1 ({some}): chances, not decisions; examine them as scores "
            "(--score COLUMN --outcome score), or give a column of decisions"
        )
    if tally.tensor.counts[:, :, FAVOURABLE].any():
        return None
    # Nobody was selected. That is an answer only when the labels show that the value is one of this vocabulary.
    if _keys(predictions) & _keys(labels) and _keys(policy.favourable) & _keys(labels):
        return None
    return (
        f"the favourable value {' or '.join(policy.favourable)!r} does not occur; "
        f"values seen: {listed(predictions, at_most=12) or 'none'}"
    )


def unnamed_spellings(tally: Tally, policy: BiasPolicy) -> str | None:
    """Predictions that mean the favourable value in another spelling, and count as unfavourable: to be said."""
    keys = _keys(policy.favourable)
    found = [
        value
        for value in tally.values_in("prediction")
        if spelled(value) not in keys and means_the_same(value, policy.favourable)
    ]
    if not found:
        return None
    return f"predictions also hold {listed(found)}, which is not named as favourable and counts as unfavourable"


def _are_chances(values: Iterable[str], favourable: Iterable[str]) -> bool:
    """Whether numbers are chances or scores, of which an end is named as the favourable value."""
    numbers = [number for number in map(number_in, values) if number is not None]
    fine = [number for number in numbers if number != int(number)] if all(map(np.isfinite, numbers)) else []
    if not fine or any(number_in(value) in fine for value in favourable):
        return False
    return (min(numbers) >= 0 and max(numbers) <= 1) or len(numbers) >= VALUES_KEPT


def _keys(values: Iterable[str]) -> set[str]:
    return {spelled(value) for value in values}


def _spelled_like(wanted: Iterable[str], values: Iterable[str]) -> tuple[str, ...]:
    keys = _keys(wanted)
    return tuple(sorted(value for value in values if spelled(value) in keys))


def _unlabelled(tally: Tally) -> Tally:
    counts = np.zeros_like(tally.tensor.counts)
    counts[:, ABSENT, :] = tally.tensor.counts.sum(axis=1)
    tensor = CountTensor(tally.tensor.axes, tally.tensor.levels, tally.tensor.cells, counts)
    scores = None if tally.scores is None else without_labels(tally.scores)
    return replace(tally, tensor=tensor, scores=scores, meant=None)
