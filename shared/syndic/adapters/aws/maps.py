"""`MapRunner` on a Step Functions distributed map."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import JsonValue

from syndic.adapters.aws.errors import code_of, translate, translated
from syndic.errors import ConflictError
from syndic.models import CaptureFormat, CountRequested

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

MOST_ATTEMPTS: Final = 20
UNDER_WAY: Final = frozenset({"RUNNING", "PENDING_REDRIVE"})


class StepFunctionsMap:
    """Starts one execution at a time per run.

    The parts lie in the archive as JSON Lines, ``maps/<run>/items.jsonl``, which the state machine's ItemReader reads:
    an execution's own input is limited to 256 KB. The input is
    ``{"run": ..., "items": "maps/<run>/items.jsonl", "attempt": 1, "request": {...}}``.

    Step Functions keeps an execution's name for 90 days. One that ended is asked for again only because its counts are
    not there: it failed, or the policy or the baseline changed, or it is forced. The next one is then named
    ``<run>-2`` and so on.
    """

    formats = frozenset({CaptureFormat.SAGEMAKER, CaptureFormat.SAGEMAKER_BATCH})

    def __init__(self, client: SFNClient, state_machine: str) -> None:
        self._client, self._state_machine = client, state_machine

    def start(self, run: str, request: CountRequested, items: Sequence[Mapping[str, JsonValue]]) -> str:
        """Start the run, or find it running. Raises `ConflictError` when it was started 20 times in 90 days."""
        del items  # they are read from the archive
        for attempt in range(1, MOST_ATTEMPTS + 1):
            name = run if attempt == 1 else f"{run}-{attempt}"
            content = {
                "run": run,
                "items": f"maps/{run}/items.jsonl",
                "attempt": attempt,
                "request": request.model_dump(mode="json"),
            }
            if self._begin(name, json.dumps(content)) or self._is_running(name):
                return name
        raise ConflictError(f"map run {run} was started {MOST_ATTEMPTS} times and gave no counts")

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
