"""What is said beside the numbers of a report: how they were read, and of which rows they hold."""

from __future__ import annotations

from syndic.bias.counting.tally import Plan, Tally
from syndic.bias.counting.tensor import ABSENT, CountTensor
from syndic.bias.counting.vocabulary import Reading, unnamed_spellings
from syndic.bias.models import BiasRows
from syndic.bias.policy.model import BiasPolicy
from syndic.models.intake_words import intake_notes

UNKNOWN_SAID = 0.05
"""Share of rows without a known attribute from which a warning says so."""


def remarks(  # noqa: PLR0917
    tally: Tally,
    plan: Plan,
    policy: BiasPolicy,
    outcome: str,
    tensor: CountTensor,
    rows: BiasRows,
    reading: Reading,
) -> tuple[str, ...]:
    """What a reader must know beside the numbers, one sentence each."""
    found = [f"column {name!r} was not there in some or all rows" for name in sorted(tally.absent)]
    found += [note for note in (reading.note, reading.obstacle if outcome != "label" else None) if note]
    if outcome == "prediction" and (said := unnamed_spellings(tally, policy)):
        found.append(said)
    if plan.score and tally.scores and not tally.scores.exact and outcome == "score":
        found.append("scores are counted on a grid of about a thousandth of their value")
    found += [
        f"{name} is not known for {unknown} of {rows.used} rows: what is said of it holds for the others only"
        for name, unknown in rows.unknown.items()
        if unknown > UNKNOWN_SAID * rows.used
    ]
    found += intake_notes(tally.intake)
    if outcome in {"prediction", "score"}:
        found += _selective_labels(tensor)
    if policy.preset is not None and policy.preset.note:
        found.append(policy.preset.note)
    return tuple(found)


def _selective_labels(tensor: CountTensor) -> list[str]:
    """Labels that come for the accepted only make error rates of the accepted only: say so, with the numbers."""
    counts = tensor.counts.sum(axis=0)
    labelled, all_rows = counts[:ABSENT, :ABSENT].sum(axis=0), counts[:, :ABSENT].sum(axis=0)
    if not labelled.sum() or labelled.sum() == all_rows.sum():
        return []
    refused, chosen = (float(labelled[i] / all_rows[i]) if all_rows[i] else 0.0 for i in (0, 1))
    warning = (
        f"labels exist for {chosen:.0%} of favourable and {refused:.0%} of unfavourable decisions: error rates hold "
        "for labelled rows only, and mislead when what is labelled depends on the decision (selective labels)"
    )
    return [warning]
