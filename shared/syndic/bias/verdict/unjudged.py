"""What the policy asks for and the data cannot answer. It is said, and it is never a pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from syndic.bias.counting.tensor import ABSENT, CountTensor
from syndic.bias.models import AttributeBias, BiasRows, GroupBias, Verdict
from syndic.bias.policy.model import UNKNOWN, BiasPolicy, Metric
from syndic.bias.verdict.severity import within
from syndic.statistics.proportions import wilson
from syndic.windows.cells.vocabulary import listed

SELECTION = (Metric.DISPARATE_IMPACT, Metric.SCORING_RATE, Metric.DEMOGRAPHIC_PARITY)


def what_was_not_judged(
    parts: Mapping[str, AttributeBias], policy: BiasPolicy, metrics: frozenset[Metric], label_reason: str | None
) -> tuple[str, ...]:
    """One sentence for each thing that was asked and could not be judged.

    A group that is too small for one measure is named in the table, as one too small for all of them is. Here are the
    measures that no group could be judged by, and the groups of which a measure knows nothing at all: a group without
    labels looks fair in every table of error rates.

    Args:
        parts: The protected attributes.
        policy: Whose enabled metrics were asked for.
        metrics: Those of them that need labels and belong to the outcome; empty: none was asked for.
        label_reason: Why there are no label-based numbers at all; None when there are.
    """
    asked = [rule.metric for rule in policy.fairness_metrics if rule.enabled and rule.metric in metrics]
    if not asked or not parts:
        return ()
    if label_reason:
        return (f"{_words(asked)} cannot be judged: {label_reason}",)
    return tuple(sentence for name, part in parts.items() for sentence in _of(name, part, asked, policy))


def attributes_not_judged(parts: Mapping[str, AttributeBias], rows: BiasRows) -> tuple[str, ...]:
    """The attributes of which nothing could be judged, or that are not known of most rows, with the reason."""
    blank = tuple(
        f"{name} cannot be judged: {part.reason}"
        for name, part in parts.items()
        if part.verdict is Verdict.NOT_ASSESSABLE
    )
    dark = tuple(
        f"{name} is not known of most rows ({unknown} of {rows.used})"
        for name, unknown in rows.unknown.items()
        if 2 * unknown > rows.used and parts[name].verdict is not Verdict.NOT_ASSESSABLE
    )
    return blank + dark


def rows_without_outcome(tensor: CountTensor, policy: BiasPolicy, outcome: str) -> tuple[str, ...]:
    """Rows without an outcome, over what the policy lets be lost: an empty cell may be how a refusal is written.

    Judged for all rows, and for each group that is large enough, where the share is over the limit beyond chance.
    Labels come later, so for outcome ``label`` the limit is what `minimum_label_coverage` leaves.

    Args:
        tensor: The counts with the outcome as decision, rows without one included.
        policy: With `rejected_tolerance`.
        outcome: ``prediction``, ``label``, ``score`` or ``value``.
    """
    allowed = 1 - policy.minimum_label_coverage if outcome == "label" else policy.rejected_tolerance
    said = f"over the {allowed:.1%} allowed: whether these are refused or yet to be decided is not known"
    absent = int(tensor.counts[:, :, ABSENT].sum())
    if absent > allowed * tensor.rows:
        return (f"{absent} of {tensor.rows} rows ({absent / tensor.rows:.1%}) have no {outcome}, {said}",)
    found = []
    for attribute in policy.protected_attributes:
        part = tensor.over([attribute.name])
        for (name,), counts in zip(part.names(), part.counts, strict=True):
            rows, lacking = int(counts.sum()), int(counts[:, ABSENT].sum())
            if name == UNKNOWN or rows < max(1, policy.minimum_group_size):
                continue
            if wilson(lacking, rows).low > allowed:
                found.append(
                    f"{attribute.name}: {lacking} of {rows} rows of {name} ({lacking / rows:.1%}) have no {outcome}, "
                    f"{said}"
                )
    return tuple(found)


def set_aside(part: AttributeBias, policy: BiasPolicy) -> tuple[str, ...]:
    """The groups that the policy's minimum size or share asks to set aside: named, and no reason for doubt."""
    return tuple(
        name
        for name, group in part.groups.items()
        if group.verdict is Verdict.NOT_ASSESSABLE and name != UNKNOWN and not group.is_reference
        if _is_small(group, policy)
    )


def said_of_set_aside(parts: Mapping[str, AttributeBias], policy: BiasPolicy) -> tuple[str, ...]:
    """One sentence for each attribute of which groups were set aside."""
    return tuple(
        f"{name}: set aside as too small for the policy's minimums, and not judged: {listed(aside, at_most=12)}"
        for name, part in parts.items()
        if (aside := set_aside(part, policy))
    )


def groups_not_judged(part: AttributeBias, policy: BiasPolicy, p_values: Mapping[str, float]) -> tuple[str, ...]:
    """Groups whose selection could not be judged though "nothing found" would speak of them, one sentence each.

    1. A group with rows enough of which too few of one outcome are expected, unless the whole interval of its
       disparity is within the threshold.
    2. A group of `suppress_below` rows that was set aside, but whose disparity is beyond the threshold and chance.
    3. Groups set aside that hold more than half of the rows together.

    Args:
        part: The attribute, judged.
        policy: With the minimums and the thresholds.
        p_values: Of the difference of selection rates, for each known group but the reference, corrected for all of
            them; NaN: no test.
    """
    if part.verdict is Verdict.NOT_ASSESSABLE:
        return ()
    compared = {name: part.groups[name] for name in p_values}
    aside = [name for name in set_aside(part, policy) if name in compared]
    found = []
    for name, group in compared.items():
        metric = next((one for one in SELECTION if one.value in group.judgements), None)
        if metric is None or group.verdict is not Verdict.NOT_ASSESSABLE:
            continue
        judgement, estimate = group.judgements[metric.value], group.disparity(metric)
        if estimate is None:
            continue
        beyond, inside = within(estimate, metric, judgement.threshold)
        # Of a group that exports hide, a sentence would tell what its few rows are.
        unlike = (group.n or 0) >= policy.suppress_below and p_values[name] < policy.significance
        if name not in aside and not inside:
            found.append(f"{' & '.join(part.attributes)}: {name} cannot be judged: {judgement.reason}")
        elif name in aside and unlike and (beyond or estimate.value is None):
            found.append(
                f"{' & '.join(part.attributes)}: {name} was set aside as too small, yet its selection rate is beyond "
                "the threshold and beyond chance"
            )
    rows = sum(group.n or 0 for name, group in part.groups.items() if name in compared or group.is_reference)
    if 2 * sum(part.groups[name].n or 0 for name in aside) > rows:
        found.append(
            f"{' & '.join(part.attributes)}: the groups set aside as too small hold most of the rows ({listed(aside)})"
        )
    return tuple(found)


def _is_small(group: GroupBias, policy: BiasPolicy) -> bool:
    under = policy.minimum_share is not None and (group.share or 0) < policy.minimum_share
    return (group.n or 0) < policy.minimum_group_size or under


def with_doubt(verdict: Verdict, reason: str, unjudged: tuple[str, ...]) -> tuple[Verdict, str]:
    """A verdict and its reason, with what was not judged: beside it "nothing found" is not the answer."""
    if not unjudged:
        return verdict, reason
    quiet = verdict in {Verdict.NO_INDICATION, Verdict.DIFFERENCE_UNDER_THRESHOLD}
    return Verdict.INCONCLUSIVE if quiet else verdict, f"{reason}. But {'; '.join(unjudged)}"


def _of(name: str, part: AttributeBias, asked: list[Metric], policy: BiasPolicy) -> Iterator[str]:
    known = {value: group for value, group in part.groups.items() if value != UNKNOWN}
    # One that is too small for everything is not the labels' fault.
    large = {value: group for value, group in known.items() if (group.n or 0) >= policy.minimum_group_size}
    bare = [value for value, group in large.items() if not group.labelled]
    if bare:
        yield (
            f"{name}: no row of {', '.join(bare)} has a label, so {_words(asked)} cannot be judged for "
            f"{'it' if len(bare) == 1 else 'them'}"
        )
    if any(group.is_reference for value, group in known.items() if value in bare):
        return
    compared = {value: group for value, group in large.items() if not group.is_reference and value not in bare}
    for metric in asked:
        judgements = {
            value: found for value, group in compared.items() if (found := group.judgements.get(metric.value))
        }
        open_ones = {value: found for value, found in judgements.items() if found.verdict is Verdict.NOT_ASSESSABLE}
        if not open_ones:
            continue
        if len(open_ones) == len(judgements):
            first = next(iter(open_ones))
            yield f"{name}: {_words([metric])} cannot be judged: {open_ones[first].reason}"
            continue
        for value, found in open_ones.items():
            estimate = compared[value].disparity(metric)
            if estimate is None or estimate.value is None:
                yield f"{name}: {_words([metric])} of {value} cannot be judged: {found.reason}"


def _words(metrics: list[Metric]) -> str:
    names = [metric.value.removesuffix("_difference").replace("_", " ") for metric in metrics]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
