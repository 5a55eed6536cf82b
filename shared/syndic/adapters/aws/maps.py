"""`MapRunner` on a Step Functions distributed map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import code_of, translate
from syndic.models import CaptureFormat, CheckRequested
from syndic.ports import Archive, ObjectInfo
from syndic.records import run_name

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StepFunctionsMap:
    """Starts one execution per request and set of objects.

    The objects are written to the archive as JSON Lines, ``maps/<run>/items.jsonl``, which the state machine's
    ItemReader reads: an execution's own input is limited to 256 KB. The input is
    ``{"run": ..., "items": "maps/<run>/items.jsonl", "request": {...}}``.
    """

    formats = frozenset({CaptureFormat.SAGEMAKER})

    def __init__(self, client: SFNClient, state_machine: str, *, archive: Archive) -> None:
        self._client, self._state_machine, self._archive = client, state_machine, archive

    def start(self, request: CheckRequested, items: Sequence[ObjectInfo]) -> str:
        """Start the run, or find it started."""
        name = run_name(request, items)
        listing = f"maps/{name}/items.jsonl"
        lines = [
            json.dumps({"uri": item.uri, "size": item.size, "etag": item.etag, "modified": item.modified.isoformat()})
            for item in sorted(items, key=lambda item: item.uri)
        ]
        self._archive.put(listing, "".join(f"{line}\n" for line in lines).encode(), content_type="application/jsonl")
        content = {"run": name, "items": listing, "request": request.model_dump(mode="json")}
        try:
            self._client.start_execution(stateMachineArn=self._state_machine, name=name, input=json.dumps(content))
        except (ClientError, BotoCoreError) as error:
            if isinstance(error, ClientError) and code_of(error) == "ExecutionAlreadyExists":
                return name
            raise translate(error, f"start map run {name}") from error
        return name
