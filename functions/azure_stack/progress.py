"""From what is there to what is wanted, one step a call.

A call asks Azure how far it is, does at most one thing, and returns. Nothing is remembered between calls but the time
of the beginning: what was begun is found in Azure under the request's own name. So a call may be repeated, or die
anywhere, and the next one goes on from what it finds.

    create, update   deployment of the results account -> deployment stack -> deployment of the code
    delete           the deployment stack with all it made; the results account belongs to no stack and stays
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from functions.azure_stack.reasons import clean, codes, reason
from functions.azure_stack.wanted import (
    DELETION,
    DEPLOYMENTS,
    OPERATION,
    STACK_ID,
    STACKS,
    Request,
    Wanted,
    deployment_body,
    read_request,
    stack_body,
)
from syndic.errors import ConflictError, NotAllowedError, UnavailableError

LOG = logging.getLogger(__name__)
PATIENCE: Final = timedelta(minutes=10)
"""How long a refusal may be that of a trust or a role which is not known everywhere yet."""

DEADLINE: Final = timedelta(minutes=50)
"""Before the waiter gives up without a reason: CloudFormation waits an hour for a custom resource, not longer."""

PUBLICATIONS: Final = 10
"""How often the code is published before a failure counts. The app uploads it as an identity whose role was given by
the same deployment; until the role is known everywhere, which takes minutes, the upload is refused and the deployment
has failed for good. What the vendor says then differs by version and is no code, so every failure is tried again."""

UNKNOWN_ROLES: Final = frozenset({"AuthorizationFailed", "LinkedAuthorizationFailed"})
SUCCEEDED: Final = "succeeded"
FAILED: Final = frozenset({"failed", "canceled"})
DELETING: Final = frozenset({"deleting", "deletingresources"})
Step = dict[str, str] | None
"""Outputs when a step is done, None while it is not."""


class ControlPlane(Protocol):
    """What is asked of Azure Resource Manager; see `functions.azure_stack.arm.Arm`."""

    def get(self, path: str, *, version: str) -> dict[str, Any] | None:
        """What is there, or None."""

    def put(self, path: str, body: dict[str, Any], *, version: str) -> None:
        """Ask for something to be there."""

    def delete(self, path: str, *, version: str, **query: str) -> None:
        """Ask for something to be gone."""


class Files(Protocol):
    """The deployment's files in S3."""

    def read(self, uri: str) -> Any:
        """A JSON file."""

    def link(self, uri: str) -> str:
        """An address at which anyone may fetch a file for an hour."""


def begin(event: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Name the resource. What is deleted keeps its name: it may be of another group than the properties name.

    So does what is only written in other capitals, which Azure does not tell apart: CloudFormation would take it for
    another resource, and delete the old one, the same one, once the update is done.
    """
    request = read_request(event)
    name, wanted = request.PhysicalResourceId, request.ResourceProperties.stack_id
    if request.RequestType != "Delete" and (name or "").lower() != wanted.lower():
        name = wanted
    LOG.info("provisioning began", extra={"request": request.RequestType, "stack": name})
    return {"PhysicalResourceId": name, "Data": {"started": now.isoformat()}}


def advance(
    event: dict[str, Any], *, azure: Callable[[Wanted], ControlPlane], files: Files, now: datetime
) -> dict[str, Any]:
    """Take the next step. Raises one of Syndic's errors, with one clear reason, when the end cannot be reached."""
    request = read_request(event)
    waited = now - datetime.fromisoformat(request.Data["started"])
    try:
        control = azure(request.ResourceProperties)
        deleting = request.RequestType == "Delete"
        done = _delete(control, request, waited) if deleting else _deploy(control, request, files, waited)
    except (UnavailableError, NotAllowedError) as error:
        if waited > (PATIENCE if isinstance(error, NotAllowedError) else DEADLINE):
            raise
        LOG.warning("azure refused or did not answer; asked again later", extra={"reason": clean(str(error))})
        done = None
    if done is None:
        if waited > DEADLINE:
            raise ConflictError(f"{request.RequestType} did not finish in {DEADLINE.seconds // 60} minutes")
        return {"IsComplete": False}
    return {"IsComplete": True, "Data": {**request.Data, **done}}


def _deploy(azure: ControlPlane, request: Request, files: Files, waited: timedelta) -> Step:
    wanted = request.ResourceProperties
    kept = _deployment(
        azure,
        wanted,
        f"syndic-results-{request.operation}",
        lambda: deployment_body(files.read(wanted.results_template), {}),
        patient=waited <= PATIENCE,
    )
    if kept is None:
        return None
    outputs = _stack(azure, request, files, waited)
    if outputs is None:
        return None
    return None if _publish(azure, request, files) is None else outputs


def _publish(azure: ControlPlane, request: Request, files: Files) -> Step:
    """The code, published under one name after another until it is taken or the tries are used up."""
    wanted = request.ResourceProperties
    first, failures = f"syndic-package-{request.operation}", list[ConflictError]()
    for name in (first, *(f"{first}x{number}" for number in range(2, PUBLICATIONS + 1))):
        try:
            return _deployment(
                azure,
                wanted,
                name,
                lambda: deployment_body(
                    files.read(wanted.package_template), {"packageUri": files.link(wanted.package)}
                ),
            )
        except ConflictError as error:
            failures.append(error)
            LOG.info("publication failed", extra={"deployment": name, "reason": clean(str(error))})
    raise failures[-1]


def _deployment(
    azure: ControlPlane, wanted: Wanted, name: str, body: Callable[[], dict[str, Any]], *, patient: bool = False
) -> Step:
    """One deployment of this request: begun once, then watched; begun again when only a role was not known yet."""
    path = wanted.deployment(name)
    found = azure.get(path, version=DEPLOYMENTS)
    if found is None or (patient and _was_refused(found)):
        azure.put(path, body(), version=DEPLOYMENTS)
        LOG.info("deployment began", extra={"deployment": name})
        return None
    return _outcome(found, f"deployment {name}")


def _stack(azure: ControlPlane, request: Request, files: Files, waited: timedelta) -> Step:
    """The stack, as this request wants it. Its tag says for which request it was last deployed."""
    wanted = request.ResourceProperties
    found = azure.get(wanted.stack_id, version=STACKS)
    ours = found is not None and (found.get("tags") or {}).get(OPERATION) == request.operation
    if found is not None and ours and not (waited <= PATIENCE and _was_refused(found)):
        return _outcome(found, f"deployment stack {wanted.stack_id}")
    if found is None or _state(found) in {SUCCEEDED, *FAILED}:
        body = stack_body(wanted, files.read(wanted.stack_template), request.operation)
        azure.put(wanted.stack_id, body, version=STACKS)
        LOG.info("stack deployment began", extra={"stack": wanted.stack_id})
    return None  # an earlier operation still runs: its end is waited for


def _delete(azure: ControlPlane, request: Request, waited: timedelta) -> Step:
    name = request.PhysicalResourceId or ""
    if not STACK_ID.match(name):  # creation failed before the stack had a name: nothing was made
        return {}
    found = azure.get(name, version=STACKS)
    if found is None:
        return {}
    state = _state(found)
    # A stack that failed to deploy looks like one that failed to go. So it is told to go again for a while, which also
    # passes what is in each other's way; after that its reason counts.
    if state in FAILED and waited > PATIENCE:
        _outcome(found, f"deletion of {name}")
    if state not in DELETING:
        azure.delete(name, version=STACKS, **DELETION)
        LOG.info("stack deletion began", extra={"stack": name})
    return None


def _was_refused(found: Mapping[str, Any]) -> bool:
    """Whether something failed because a role was not known where it was asked for."""
    properties = found.get("properties") or {}
    reasons = [properties.get("error"), *(one.get("error") for one in properties.get("failedResources") or [])]
    return _state(found) in FAILED and any(codes(one) & UNKNOWN_ROLES for one in reasons)


def _outcome(found: Mapping[str, Any], what: str) -> Step:
    """Outputs of what succeeded, None of what runs; raises `ConflictError` with the reasons of what failed."""
    properties, state = found.get("properties") or {}, _state(found)
    if state in FAILED:
        resources = [one.get("error") or one for one in properties.get("failedResources") or []]
        error = properties.get("error") or ({"details": resources} if resources else None)
        raise ConflictError(f"{what} {state}: {reason(error)}")
    if state != SUCCEEDED:
        return None
    return {name: str(one.get("value", "")) for name, one in (properties.get("outputs") or {}).items()}


def _state(found: Mapping[str, Any]) -> str:
    return str((found.get("properties") or {}).get("provisioningState", "")).lower()
