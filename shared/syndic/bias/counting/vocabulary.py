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
from syndic.bias.counting.score_histogram import relabelled, without_labels
from syndic.bias.counting.tally import Tally
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
        strange: Labels that were left out, since nobody knows what they stand for.
    """

    tally: Tally
    favourable: tuple[str, ...] = ()
    note: str | None = None
    obstacle: str | None = None
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    """What the labels stand for, by their spelling and their sense, and those of which that is not known."""

    favourable: tuple[str, ...]
    unfavourable: tuple[str, ...]
    strange: tuple[str, ...]


def read_labels(tally: Tally, policy: BiasPolicy) -> Reading:
    """Match the labels' words with the favourable ones, by the first rule that fits.

    1. `favourable_label`, when the policy names it; every other label is unfavourable.
    2. A label that is spelled like a favourable value or like another value of the predictions is that value.
    3. A label with a known sense beside the favourable value is read by it: yes and no, or good and bad.
    4. Any other label ("pending") is as if it were missing, and is said. Where that leaves no pair of a favourable
       and an unfavourable label, or the labels are another scale, no label is read at all.
    """
    labels = tally.values_in("label")
    if not labels:
        return Reading(tally)
    words = _sorted_out(tally, policy)
    obstacle = _obstacle(tally, policy, words)
    if obstacle:
        return Reading(_unlabelled(tally), obstacle=obstacle)
    if policy.favourable_label:
        found = _spelled_like(policy.favourable_label, labels)
        return Reading(tally, found, _everything_else(labels, found))
    notes = [_said(words, tally.values_in("prediction"), policy), _left_out(words, tally)]
    read = _settled(tally, words)
    return Reading(read, words.favourable, "; ".join(note for note in notes if note) or None, strange=words.strange)


def _sorted_out(tally: Tally, policy: BiasPolicy) -> _Words:
    labels, predictions = tally.values_in("label"), _keys(tally.values_in("prediction"))
    senses = {label: means_the_same(label, policy.favourable) for label in labels}
    favoured = _keys(policy.favourable)
    # Where every known label is a yes or a no, one answer is spelled in several ways, whatever the predictions hold.
    answers = all(sense_of(label) in {Sense.YES, Sense.NO} for label, sense in senses.items() if sense is not None)
    good, bad, strange = [], [], []
    for label in sorted(labels):
        key, sense = spelled(label), senses[label]
        if key in favoured or (sense and (answers or key not in predictions)):
            good.append(label)
        elif key in predictions or sense is False:
            bad.append(label)
        else:
            strange.append(label)
    return _Words(tuple(good), tuple(bad), tuple(strange))


def _settled(tally: Tally, words: _Words) -> Tally:
    """The counts with each open word where it belongs."""
    tensor, scores = tally.tensor, tally.scores
    for word, counted in tally.words.items():
        if word in words.unfavourable:
            continue
        place = FAVOURABLE if word in words.favourable else ABSENT
        tensor = tensor.relabelled(counted.tensor, place)
        if scores is not None and counted.scores is not None:
            scores = relabelled(scores, counted.scores, place)
    return replace(tally, tensor=tensor, scores=scores, words={})


def _obstacle(tally: Tally, policy: BiasPolicy, words: _Words) -> str | None:
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
    return _too_little_in_common(tally, policy, words)


def _too_little_in_common(tally: Tally, policy: BiasPolicy, words: _Words) -> str | None:
    """Why labels of other words cannot be read; None when they can, without the strange ones."""
    labels, predictions = tally.values_in("label"), tally.values_in("prediction")
    if not words.strange and not _one_in_common(labels, predictions):
        return None
    # 1 and 2 beside 0 and 1 may be bad and good; 0 to 5 beside them are another scale, though 0 and 1 are in both.
    scale = len(predictions) <= 2 and sum(number_in(label) is not None for label in words.strange) >= 2
    readable = words.favourable and words.unfavourable and not scale and len(labels) < VALUES_KEPT
    if readable and not _one_in_common(labels, predictions):
        return None
    against = f"predictions ({listed(predictions)})" if predictions else f"{listed(policy.favourable)}"
    common = "too few values" if _keys(labels) & (_keys(predictions) | _keys(policy.favourable)) else "no value"
    return f"labels ({listed(labels)}) and {against} have {common} in common; {SAY}"


def _one_in_common(labels: frozenset[str], predictions: frozenset[str]) -> bool:
    """Whether the columns share one value and mean by the other ones what nobody knows, as 1 and 0 beside 1 and 2."""
    mine, theirs = _keys(labels), _keys(predictions)
    answers = any(sense_of(key) in {Sense.YES, Sense.NO} for key in mine - theirs)
    return len(mine & theirs) == 1 and answers and any(sense_of(key) is None for key in theirs - mine)


def _said(words: _Words, predictions: frozenset[str], policy: BiasPolicy) -> str | None:
    """The rule by which labels were matched that are not the very words of the predictions."""
    labels, found = frozenset({*words.favourable, *words.unfavourable}), words.favourable
    given = predictions | set(policy.favourable)
    keys = _keys(given)
    spelling = any(label not in given and spelled(label) in keys for label in labels)
    # 0 beside 1 is no other word.
    meaning = bool(_keys(labels) - keys) and not _keys(labels) | keys <= {"0", "1"}
    meaning = meaning or not _keys(found) <= _keys(policy.favourable)
    if not spelling and not meaning:
        return None
    read = f"{listed(found)} is read as the favourable {listed(policy.favourable)}" if found else "none is favourable"
    return (
        f"labels are spelled {listed(labels)} where predictions are {listed(predictions) or 'not there'}: {read}, "
        f"{'by what the words mean' if meaning else 'another spelling of it'}; --favourable-label, or "
        "favourable_label in the policy, says otherwise"
    )


def _left_out(words: _Words, tally: Tally) -> str | None:
    """The labels of which nobody knows what they stand for, with their rows."""
    if not words.strange:
        return None
    rows = sum(tally.words[word].tensor.rows for word in words.strange)
    return (
        f"labels also hold {listed(words.strange)} ({rows} rows), which neither the predictions hold nor a known sense "
        f"explains: they count as missing labels; {SAY}"
    )


def _everything_else(labels: frozenset[str], found: tuple[str, ...]) -> str | None:
    """Beside a named favourable label two other words may be two things, such as a default and "pending"."""
    others = labels - set(found)
    if len(_keys(others)) < 2:
        return None
    return f"of the labels {listed(found)} is named as favourable: {listed(others)} count as unfavourable"


_SCALE, _FILLED, _NAMED = 30, 0.5, 0.1  # different numbers; their share of the range; named ones among them


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


def doubtful_decisions(tally: Tally, policy: BiasPolicy) -> str | None:
    """Why predictions may be scores though one of their values is named as favourable: whole numbers fill a scale."""
    numbers = [number_in(value) for value in tally.values_in("prediction")]
    whole = [number for number in numbers if number is not None and number == int(number)]
    if len(whole) < _SCALE or len(whole) < len(numbers) or len(whole) < _FILLED * (max(whole) - min(whole) + 1):
        return None
    named = sum(number_in(value) is not None for value in policy.favourable)
    if named > _NAMED * len(whole):
        return None
    return (
        f"the predictions are {len(whole)} or more different whole numbers from {min(whole):g} to {max(whole):g}, "
        f"of which only {listed(policy.favourable)} counts as favourable: scores go with --outcome score, and "
        "classes have names"
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
    return replace(tally, tensor=tensor, scores=scores, words={})
