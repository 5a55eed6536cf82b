"""`MapRunner` on a Step Functions distributed map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import code_of, translate, translated
from syndic.errors import ConflictError
from syndic.models import CaptureFormat, CheckRequested
from syndic.ports import Archive, ObjectInfo
from syndic.records import run_name

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

MOST_ATTEMPTS: Final = 20
UNDER_WAY: Final = frozenset({"RUNNING", "PENDING_REDRIVE"})


class StepFunctionsMap:
    """Starts one execution at a time per request and set of objects.

    The objects are written to the archive as JSON Lines, ``maps/<run>/items.jsonl``, which the state machine's
    ItemReader reads: an execution's own input is limited to 256 KB. The input is
    ``{"run": ..., "items": "maps/<run>/items.jsonl", "request": {...}}``.

    Step Functions keeps an execution's name for 90 days. One that ended is asked for again only because no report is
    of its inputs: it failed, or the policy or the baseline changed, or it is forced. The next one is then named
    ``<run>-2`` and so on.
    """

    formats = frozenset({CaptureFormat.SAGEMAKER})

    def __init__(self, client: SFNClient, state_machine: str, *, archive: Archive) -> None:
        self._client, self._state_machine, self._archive = client, state_machine, archive

    def start(self, request: CheckRequested, items: Sequence[ObjectInfo]) -> str:
        """Start the run, or find it running. Raises `ConflictError` when it was started 20 times in 90 days."""
        run = run_name(request, items)
        listing = f"maps/{run}/items.jsonl"
        lines = [
            json.dumps({"uri": item.uri, "size": item.size, "etag": item.etag, "modified": item.modified.isoformat()})
            for item in sorted(items, key=lambda item: item.uri)
        ]
        self._archive.put(listing, "".join(f"{line}\n" for line in lines).encode(), content_type="application/jsonl")
        for attempt in range(1, MOST_ATTEMPTS + 1):
            name = run if attempt == 1 else f"{run}-{attempt}"
            content = {"run": name, "items": listing, "request": request.model_dump(mode="json")}
            if self._begin(name, json.dumps(content)) or self._is_running(name):
                return name
        raise ConflictError(f"map run {run} was started {MOST_ATTEMPTS} times and gave no report")

    def _begin(self, name: str, content: str) -> bool:
        """Start an execution; False: its name is taken."""
        try:
            self._client.start_execution(stateMachineArn=self._state_machine, name=name, input=content)
        except (ClientError, BotoCoreError) as error:
            if isinstance(error, ClientError) and code_of(error) == "ExecutionAlreadyExists":
                return False
            raise translate(error, f"start map run {name}") from error
        return True

    def _is_running(self, name: str) -> bool:
        arn = f"{self._state_machine.replace(':stateMachine:', ':execution:', 1)}:{name}"
        with translated(f"describe map run {name}"):
            return self._client.describe_execution(executionArn=arn)["status"] in UNDER_WAY
