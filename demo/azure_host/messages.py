"""Plain stand-ins for the worker's protobuf messages.

`azure-functions-runtime` takes its message classes from whoever calls it. In Azure they come from gRPC; these have the
same fields and need neither protobuf nor gRPC.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


class Message(SimpleNamespace):
    """A message: whatever fields it is made with."""


class StatusResult(Message):
    """How a request ended."""

    Failure, Success, Cancelled = 0, 1, 2


class BindingInfo(Message):
    """One binding of a function."""

    undefined, out, inout = 0, 1, 2  # a data type and two directions, by number as in protobuf


class TypedData(Message):
    """A value of one kind: string, json, bytes, http."""

    def WhichOneof(self, group: str) -> str | None:  # noqa: ARG002, N802 - protobuf's name
        """The kind of the value."""
        return next(iter(vars(self)), None)


class ParameterBinding(Message):
    """A named value given to a function."""

    def WhichOneof(self, group: str) -> str | None:  # noqa: ARG002, N802 - protobuf's name
        """Where the value is: always in the message itself."""
        return "data"


# What the runtime asks for by name.
PROTOS = SimpleNamespace(
    BindingInfo=BindingInfo,
    FunctionLoadResponse=Message,
    FunctionMetadataResponse=Message,
    InvocationResponse=Message,
    ParameterBinding=ParameterBinding,
    RpcException=Message,
    RpcFunctionMetadata=Message,
    RpcHttp=Message,
    RpcRetryOptions=Message,
    StatusResult=StatusResult,
    TypedData=TypedData,
    WorkerInitResponse=Message,
    WorkerMetadata=Message,
)


def request(**content: Any) -> Message:
    """A request as the worker hands it to the runtime."""
    return Message(request=Message(**content), properties={"protos": PROTOS, "host": "127.0.0.1"})


def init_request(directory: str) -> Message:
    """Start the worker on an app's folder."""
    return request(worker_init_request=Message(capabilities={}, function_app_directory=directory))


def invocation_request(
    function_id: str, invocation_id: str, name: str, value: TypedData, metadata: dict[str, TypedData]
) -> Message:
    """Call a function with the value of its trigger."""
    return request(
        invocation_request=Message(
            function_id=function_id,
            invocation_id=invocation_id,
            input_data=[ParameterBinding(name=name, data=value)],
            trigger_metadata=metadata,
            trace_context=Message(trace_parent="", trace_state="", attributes={}),
            retry_context=Message(retry_count=0, max_retry_count=0, exception=None),
        )
    )
