"""The policies by which drift, quality and fairness are judged: read, and replaced by the next version. Written once.

A concern joins by a line at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body

from functions.api.access.callers import Caller, require_change
from functions.api.inputs import Clouds, ExpectVersion, ModelId, Person
from syndic.bias.policy import kept as bias
from syndic.bias.policy.model import BiasPolicy
from syndic.drift.policy import kept as drift
from syndic.drift.policy.model import DriftPolicy
from syndic.policy import ModelPolicy
from syndic.quality.policy import kept as quality
from syndic.quality.policy.model import QualityPolicy
from syndic.records import get_model
from syndic.tasks import clouds as tasks


@dataclass(frozen=True, slots=True)
class Kind:
    """A concern's policy: what it judges in words, its form, and the concern's verbs on it."""

    concern: str
    judges: str
    form: type[ModelPolicy]
    get: Callable[..., Any]
    set: Callable[..., Any]


router = Router()


def add_routes(kind: Kind) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Add both routes of a concern's policy. Their types are the concern's, so they are set by hand."""

    def read(clouds: tasks.Clouds, model_id: str) -> Any:
        get_model(clouds.store, model_id)
        return kind.get(model_id, store=clouds.store)

    def replace(
        clouds: tasks.Clouds, person: Caller, model_id: str, policy: Any, expect_version: int | None = None
    ) -> Any:
        require_change(person, get_model(clouds.store, model_id))
        return kind.set(
            model_id,
            policy,
            store=clouds.store,
            audit=clouds.audit,
            actor=person.name,
            now=clouds.now(),
            expect_version=expect_version,
        )

    common = {"clouds": Clouds, "model_id": ModelId, "return": kind.form}
    read.__annotations__ = common
    read.__name__ = f"read_{kind.concern}_policy"
    read.__doc__ = f"The policy that judges the model's {kind.judges}."
    replace.__annotations__ = {
        **common, "person": Person, "policy": Annotated[kind.form, Body()], "expect_version": ExpectVersion
    }  # fmt: skip
    replace.__name__ = f"replace_{kind.concern}_policy"
    replace.__doc__ = "Replace the policy. Version, time and person are filled in here, whatever the body says."
    path = f"/models/<model_id>/{kind.concern}/policy"
    router.get(path, tags=[kind.concern])(read)
    router.put(path, tags=[kind.concern])(replace)
    return read, replace


read_drift_policy, replace_drift_policy = add_routes(
    Kind("drift", "drift", DriftPolicy, drift.get_policy, drift.set_policy)
)
read_quality_policy, replace_quality_policy = add_routes(
    Kind("quality", "quality", QualityPolicy, quality.get_policy, quality.set_policy)
)
read_bias_policy, replace_bias_policy = add_routes(
    Kind("bias", "fairness", BiasPolicy, bias.get_policy, bias.set_policy)
)
