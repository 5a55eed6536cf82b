"""Real boto3 clients whose answers are written down: what is asked and answered is held by botocore's own models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.validate import ParamValidator

Answer = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]] | str
"""The answer, a function of what was asked, or the code of an error."""


class Account:
    """Clients of every service, answering by ``service.Operation``. A call without an answer is refused as IAM does."""

    def __init__(self, answers: Mapping[str, Answer], region: str = "eu-central-1") -> None:
        self.answers, self.region = dict(answers), region
        self.asked: list[str] = []

    def __call__(self, service: str) -> Any:
        """A client."""
        make: Any = boto3.client
        client = make(
            service, region_name=self.region, aws_access_key_id="t", aws_secret_access_key="t",
            config=Config(retries={"total_max_attempts": 1}),
        )  # fmt: skip
        client.meta.events.register("before-parameter-build", self._note)
        client.meta.events.register("before-call", lambda model, **_: self._answer(client, service, model))
        return client

    def _note(self, params: Mapping[str, Any], **_: Any) -> None:
        self._parameters = params

    def _answer(self, client: Any, service: str, model: Any) -> tuple[AWSResponse, dict[str, Any]]:
        name = f"{service}.{model.name}"
        self.asked.append(name)
        answer = self.answers.get(name, "AccessDeniedException")
        if callable(answer):
            answer = answer(self._parameters)
        if isinstance(answer, str):
            return self._response(400), {"Error": {"Code": answer, "Message": f"{name}: {answer}"}}
        if model.output_shape is not None:
            report = ParamValidator().validate(dict(answer), model.output_shape)
            assert not report.has_errors(), report.generate_report()
        return self._response(200), {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}

    @staticmethod
    def _response(status: int) -> AWSResponse:
        return AWSResponse("https://vendor.test", status, {}, None)
