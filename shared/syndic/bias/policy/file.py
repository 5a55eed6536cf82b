"""Policies as YAML, and the presets that ship with Syndic.

The file's shape::

    bias_monitoring:
      preset: four_fifths                # optional: rules to start from
      favourable: ["approved"]
      outcomes: ["prediction"]           # prediction, label, score, value
      protected_attributes:
        - age:
            groups: ["18-25", "26-40", "41-60", "60+"]
            reference_group: "26-40"
        - gender                         # groups as they occur, against the best-off one
      bias_threshold: 0.1                # optional: of each metric of its kind that names none; from 0.5 on a ratio
      fairness_metrics:
        - disparate_impact: {threshold: 0.8, enabled: true}
        - demographic_parity             # with `bias_threshold`, else the threshold of the default policy
      intersectional_analysis:
        enabled: true
        combinations: [["age", "gender"]]

All other fields of `BiasPolicy` may stand beside these under their own names.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

import yaml
from pydantic import ValidationError

from syndic.bias.policy.model import DEFAULT_METRICS, BiasPolicy, Metric, Provenance, is_ratio, with_threshold
from syndic.errors import InvalidInputError, UnknownReferenceError
from syndic.spelling import refusal, refuse_unknown, unknown_name
from syndic.yaml_file import load_yaml

ROOT = "bias_monitoring"

SHORT_NAMES: Mapping[str, Metric] = {
    **{metric.value: metric for metric in Metric},
    **{metric.value.removesuffix("_difference"): metric for metric in Metric},
    "accuracy_parity": Metric.ACCURACY_PARITY,
    "false_omission_parity": Metric.FALSE_OMISSION,
    "impact_ratio": Metric.DISPARATE_IMPACT,
    "scoring_rate": Metric.SCORING_RATE,
}
"""Names of metrics in files: with or without ``_difference``."""


def preset_names() -> tuple[str, ...]:
    """The presets there are."""
    folder = resources.files("syndic.bias.policy").joinpath("presets")
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def preset_provenance(name: str) -> Provenance:
    """Where a preset's rules come from. Raises `UnknownReferenceError`."""
    return Provenance.model_validate(_preset(name)["preset"])


def preset_policy(name: str, **changes: Any) -> BiasPolicy:
    """A preset as a policy, with some fields changed. Raises `UnknownReferenceError`."""
    return _validated({ROOT: {"preset": name, **changes}}, f"preset {name}")


def parse_policy(text: str, *, source: str) -> BiasPolicy:
    """A policy from YAML text.

    Args:
        text: The file.
        source: Its name, for messages.

    Raises:
        InvalidInputError: It is not YAML of the shape above; names the place.
        UnknownReferenceError: It names a preset or a metric that does not exist.
    """
    value = load_yaml(text, where=source, as_written=AS_WRITTEN)
    if not isinstance(value, dict) or not isinstance(value.get(ROOT), dict):
        raise InvalidInputError(f"expected a mapping with the key {ROOT!r}", where=source)
    refuse_unknown(value, (ROOT,), where=source)
    return _validated(value, source)


AS_WRITTEN = frozenset({"favourable", "favourable_label", "groups", "reference_group"})
"""Keys whose values are matched with cells: YAML 1.1 would read ``yes`` as a boolean and ``012`` as ten."""


def _preset(name: str) -> dict[str, Any]:
    if name not in preset_names():
        raise UnknownReferenceError(f"there is no bias preset {name!r}; presets are: {', '.join(preset_names())}")
    text = resources.files("syndic.bias.policy").joinpath("presets", f"{name}.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _validated(document: Mapping[str, Any], source: str) -> BiasPolicy:
    given = dict(document[ROOT])
    start: dict[str, Any] = {}
    name = given.pop("preset", None)
    if name is not None:
        preset = _preset(str(name))
        start = {**preset[ROOT], "preset": preset["preset"]}
    merged = {**start, **given}
    compare_with = merged.pop("compare_with", None)
    fields = {
        **merged,
        "protected_attributes": [
            attribute
            if compare_with is None or "reference_group" in attribute
            else {"compare_with": compare_with, **attribute}
            for attribute in _attributes(merged.get("protected_attributes", []), source)
        ],
    }
    threshold = fields.pop("bias_threshold", None)
    if threshold is not None and (isinstance(threshold, bool) or not isinstance(threshold, (int, float))):
        raise InvalidInputError("expected a number such as 0.1", where=f"{source}: {ROOT}.bias_threshold")
    rules = DEFAULT_METRICS if threshold is None else with_threshold(DEFAULT_METRICS, float(threshold))
    if "fairness_metrics" in merged:
        fields["fairness_metrics"] = _metrics(merged["fairness_metrics"], source, threshold)
    elif threshold is not None:
        fields["fairness_metrics"] = rules
    crossing = fields.pop("intersectional_analysis", None)
    if crossing is not None:
        if not isinstance(crossing, dict):
            raise InvalidInputError(
                "expected enabled and combinations", where=f"{source}: {ROOT}.intersectional_analysis"
            )
        refuse_unknown(crossing, ("enabled", "combinations"), where=source, shown=f"{ROOT}.intersectional_analysis")
        fields["intersectional"] = crossing.get("enabled", True)
        fields["combinations"] = crossing.get("combinations")
    for name in ("favourable", "favourable_label"):
        if isinstance(fields.get(name), (str, int, float, bool)):
            fields[name] = [fields[name]]
    return validated_policy(fields, source)


def validated_policy(fields: Mapping[str, Any], source: str) -> BiasPolicy:
    """A policy from its fields; raises `InvalidInputError` that names the field."""
    try:
        return BiasPolicy.model_validate(fields)
    except ValidationError as error:
        raise refusal(error, BiasPolicy, where=source) from error


def _attributes(value: object, source: str) -> list[dict[str, Any]]:
    """Attributes given as a list of names or of one-key mappings, or as one mapping."""
    where = f"{source}: {ROOT}.protected_attributes"
    if isinstance(value, dict):
        value = [{name: settings} for name, settings in value.items()]
    if not isinstance(value, (list, tuple)):
        raise InvalidInputError("expected a list of attributes", where=where)
    found = []
    for entry in value:
        if isinstance(entry, str):
            found.append({"name": entry})
        elif isinstance(entry, dict) and len(entry) == 1:
            name, settings = next(iter(entry.items()))
            found.append({"name": str(name), **_settings(settings, f"{where}.{name}")})
        elif isinstance(entry, dict) and "name" in entry:
            found.append(_settings(entry, where))
        else:
            raise InvalidInputError("each attribute is a name, or a name with its settings", where=where)
    return found


def _settings(value: object, where: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidInputError("expected groups, bins, reference_group, ...", where=where)
    return dict(value)


def _metrics(value: object, source: str, threshold: float | None) -> list[dict[str, Any]]:
    where = f"{source}: {ROOT}.fairness_metrics"
    if isinstance(value, dict):
        value = [{name: settings} for name, settings in value.items()]
    if not isinstance(value, (list, tuple)):
        raise InvalidInputError("expected a list of metrics", where=where)
    found = []
    for given in value:
        entry = {given: {}} if isinstance(given, str) else given
        if isinstance(entry, dict) and "metric" in entry:
            found.append(dict(entry))
            continue
        if not isinstance(entry, dict) or len(entry) != 1:
            raise InvalidInputError("each metric is a name, or a name with threshold and enabled", where=where)
        name, settings = next(iter(entry.items()))
        if name not in SHORT_NAMES:
            raise UnknownReferenceError(unknown_name(name, SHORT_NAMES, what="fairness metric"), where=where)
        if not isinstance(settings, dict):
            raise InvalidInputError("expected threshold and enabled", where=f"{where}.{name}")
        found.append({**_usual(SHORT_NAMES[name], threshold), **settings})
    return found


def _usual(metric: Metric, threshold: float | None) -> dict[str, Any]:
    """A metric with the threshold that holds where none is named: none at all is refused with the field's name."""
    if threshold is not None and metric.is_ratio is is_ratio(threshold):
        return {"metric": metric.value, "threshold": threshold}
    usual = [rule.threshold for rule in DEFAULT_METRICS if rule.metric is metric]
    return {"metric": metric.value, **({"threshold": usual[0]} if usual else {})}
