"""Labels and predicted classes in other words: which class of one side is which of the other, or why nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from syndic.quality.policy.model import QualityPolicy
from syndic.windows.cells.vocabulary import Sense, find_value, is_probability, listed, sense_of, spelled

SAY: Final = "declare positive and positive_label in the policy"
_ANSWERS: Final = frozenset({Sense.YES, Sense.NO})
_JUDGEMENTS: Final = frozenset({Sense.GOOD, Sense.BAD})
_OPPOSITES: Final[Mapping[Sense | None, Sense]] = {Sense.YES: Sense.NO, Sense.GOOD: Sense.BAD}


@dataclass(frozen=True, slots=True)
class Classes:
    """Both sides in one set of words, those of the labels.

    Attributes:
        of_labels: The class of each label.
        of_predictions: The class of each predicted class; its own word where no label has it.
        positive: The positive class; None when it cannot be known.
        note: The rule that matched other words, to be shown; None where both sides have the same words.
        obstacle: Why the sides cannot be compared; None when they can, or when there are no predicted classes.
    """

    of_labels: Mapping[str, str]
    of_predictions: Mapping[str, str]
    positive: str | None = None
    note: str | None = None
    obstacle: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """All classes."""
        return frozenset(self.of_labels.values()) | frozenset(self.of_predictions.values())


def match_classes(labels: frozenset[str], predictions: frozenset[str], policy: QualityPolicy) -> Classes:
    """Match the words of labels and predicted classes.

    The same spelling is the same class (`syndic.windows.cells.vocabulary`). Else `positive_label` of the policy says
    it, else words for yes and no on both sides, or for good and bad on both. Nothing else is guessed: 1 may mean that
    a credit was repaid, or that it was not.
    """
    own = _by_spelling(labels)
    of_labels = {label: own[spelled(label)] for label in labels}
    if any(map(is_probability, predictions)) and not any(map(is_probability, labels)):
        some = listed(filter(is_probability, predictions))
        return _apart(of_labels, policy, f"the predictions are numbers ({some}), not classes: give them the role score")
    alike = {value: own.get(spelled(value), value) for value in predictions}
    if policy.positive_label is not None:
        obstacle, paired = _declared(of_labels, alike, policy)
        if obstacle:
            return _apart(of_labels, policy, obstacle)
        note = f"the positive class is {policy.positive_label} among the labels" if paired != alike else None
        return Classes(of_labels, paired, _positive(of_labels, paired, policy), note)
    if not predictions or set(alike.values()) & set(of_labels.values()):
        return Classes(of_labels, alike, _positive(of_labels, alike, policy))
    shown = f"labels ({listed(labels)}) and predicted classes ({listed(predictions)})"
    paired = _by_sense(of_labels, predictions)
    if not paired:
        return _apart(of_labels, policy, f"{shown} have no value in common; {SAY}")
    same = set(paired) <= set(paired.values()) | {"0", "1"} and set(of_labels) <= {"0", "1"}
    note = None if same else f"{shown} are matched by what the words mean"
    return Classes(of_labels, paired, _positive(of_labels, paired, policy), note)


def _apart(of_labels: Mapping[str, str], policy: QualityPolicy, obstacle: str) -> Classes:
    """Labels beside predicted classes that cannot be compared with them: scores still can."""
    return Classes(of_labels, {}, _positive(of_labels, {}, policy), None, obstacle)


def _by_spelling(words: Iterable[str]) -> dict[str, str]:
    """One word for each spelling, the first in their order."""
    found: dict[str, str] = {}
    for word in sorted(words):
        found.setdefault(spelled(word), word)
    return found


def _by_sense(of_labels: Mapping[str, str], predictions: frozenset[str]) -> dict[str, str]:
    """Predicted classes as the labels that say the same; empty when it cannot be known."""
    senses = {label: sense_of(label) for label in of_labels.values()}
    said = {value: sense_of(value) for value in predictions}
    for kind in (_ANSWERS, _JUDGEMENTS):
        if set(senses.values()) <= kind and set(said.values()) <= kind:
            word = {sense: label for label, sense in sorted(senses.items(), reverse=True)}
            return {value: word.get(sense, value) for value, sense in said.items()}
    return {}


def _declared(
    of_labels: Mapping[str, str], alike: Mapping[str, str], policy: QualityPolicy
) -> tuple[str | None, dict[str, str]]:
    """The two classes of each side as the policy pairs them."""
    label = find_value(policy.positive_label or "", tuple(of_labels))
    if label is None:
        return f"the positive label {policy.positive_label!r} does not occur; labels seen: {listed(of_labels)}", {}
    if not alike:
        return None, {}
    positive = find_value(policy.positive, tuple(alike)) if policy.positive is not None else _affirmed(alike)
    others = sorted(set(of_labels.values()) - {of_labels[label]})
    refused = sorted({spelled(value) for value in alike} - {spelled(positive or "")})
    if positive is None or len(others) > 1 or len(refused) > 1:
        return f"predicted classes ({listed(alike)}) cannot be paired with labels ({listed(of_labels)}); {SAY}", {}
    other = others[0] if others else f"not {of_labels[label]}"
    return None, {value: of_labels[label] if spelled(value) == spelled(positive) else other for value in alike}


def _positive(of_labels: Mapping[str, str], of_predictions: Mapping[str, str], policy: QualityPolicy) -> str | None:
    classes = {**of_predictions, **of_labels}
    for declared in (policy.positive_label, policy.positive):
        if declared is None:
            continue
        found = {name for word, name in classes.items() if spelled(word) == spelled(declared)}
        if len(found) == 1:
            return found.pop()
    if policy.positive is not None:
        # It is declared and never seen. Where all that is seen is its opposite, that is an answer.
        opposite = _OPPOSITES.get(sense_of(policy.positive))
        seen = {sense_of(word) for word in classes.values()}
        return policy.positive if opposite is not None and seen == {opposite} else None
    return _affirmed(classes.values()) if len(set(classes.values())) <= 2 else None


def _affirmed(words: Iterable[str]) -> str | None:
    return next((word for word in sorted(words) if sense_of(word) is Sense.YES), None)
