"""A place for a year: the deployed stack, its people signed in, its clock moved."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from demo.__main__ import Demonstration
from demo.deploy import CAPTURES
from demo.endpoints import ROLE, VARIANT
from demo.govern import model_id
from demo.users import PASSWORD, ApiError, Client, sign_in
from syndic.adapters.aws import DynamoStore
from syndic.alerting.models import Alert
from syndic.assessment import FrameworkStatus, RequirementState
from syndic.models import to_json
from tests.e2e.moved_clock import MovedClock
from tests.e2e.test_reports import fetched, finished
from tests.edges.registers.credit_story import in_production
from tests.edges.world import SCHEMA, capture_lines

PEOPLE: Final = {
    "model_owner": "olga", "compliance_officer": "cora", "risk_owner": "rita", "auditor": "aura", "admin": "ada",
}  # fmt: skip
ENDPOINT: Final = "credit"
PACKAGES: Final = "arn:aws:sagemaker:us-east-1:000000000000:model-package/credit"
SIGNED_IN: Final = timedelta(minutes=20)
LONGEST: Final = 300  # seconds for what a function sets off


class Deployed:
    """The API through its front, the functions as their schedules run them, SageMaker and its bucket."""

    margin, lag = 3 / 1440, 30 / 1440  # what runs before a moment has to end before it

    def __init__(self, demonstration: Demonstration, clock: MovedClock) -> None:
        self._demonstration, self._clock = demonstration, clock
        self._cloud, self._deployment = demonstration.cloud, demonstration.deployment
        self._seats: dict[str, tuple[datetime, Client]] = {}
        self._sagemaker, self._sqs = self._cloud.client("sagemaker"), self._cloud.client("sqs")
        self._functions = self._cloud.client("lambda")
        self._queues = self._sqs.list_queues(MaxResults=1000).get("QueueUrls", [])
        self._come()
        self._rest_schedules()
        self._governed()

    def move(self, moment: datetime) -> None:
        self._clock.move(moment)

    def now(self) -> datetime:
        return self._clock.now()

    def ask(self, method: str, path: str, body: Any, *, person: str) -> tuple[int, Any]:
        try:
            return 200, self.client(person).call(method, path, body)
        except ApiError as error:
            return error.status, str(error)

    def client(self, person: str) -> Client:
        """The API in the name of a person, who signs in anew when the ticket has run out."""
        since, client = self._seats.get(person, (None, None))
        if since is None or client is None or self.now() - since > SIGNED_IN:
            client = sign_in(self._cloud, self._deployment, f"{PEOPLE[person]}@example.org")
            self._seats[person] = self.now(), client
        return client

    def daily(self) -> None:
        self._run("Discovery")
        self._run("Compliance")

    def renew(self) -> None:
        self._run("Compliance")

    def tell(self) -> None:
        self._run("Alerting")

    def judged(self) -> Iterable[RequirementState]:
        for status in self.client("auditor").get(f"/models/{self.model}/compliance")["statuses"]:
            yield from FrameworkStatus.model_validate(status).requirements

    def alerts(self, identities: Collection[str]) -> dict[str, Alert]:
        client = self.client("auditor")
        if len(identities) > 1:  # what is open is in the list, and asked for at once
            page = client.get("/alerts?state=open&limit=100")
            assert not page.get("next_token")
            found = (Alert.model_validate(one) for one in page["alerts"])
            return {one.id: one for one in found if one.id in identities}
        try:
            found = (Alert.model_validate(client.get(f"/alerts/{identity}")) for identity in identities)
            return {one.id: one for one in found}
        except ApiError as error:
            if error.status != 404:
                raise
            return {}

    def serve(self, version: str) -> None:
        name = f"credit-{version}"
        self._sagemaker.create_model(
            ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"ModelPackageName": f"{PACKAGES}/{version}"}
        )
        variant = {"VariantName": VARIANT, "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
        self._sagemaker.create_endpoint_config(
            EndpointConfigName=name,
            ProductionVariants=[variant],
            DataCaptureConfig={
                "EnableCapture": True,
                "InitialSamplingPercentage": 100,
                "DestinationS3Uri": f"s3://{CAPTURES}/capture",
                "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
                "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
            },
        )
        try:  # the emulator has no UpdateEndpoint; the endpoint of this name is the same model
            self._sagemaker.delete_endpoint(EndpointName=ENDPOINT)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationException":
                raise
        tags = [{"Key": "syndic:owner", "Value": "olga@example.org"}]
        self._sagemaker.create_endpoint(EndpointName=ENDPOINT, EndpointConfigName=name, Tags=tags)
        self._run("Discovery")

    def was_promoted(self, version: str) -> None:
        """Not through the API: there is none for what happened before a model was known."""
        store = DynamoStore(
            self._cloud.client("dynamodb"), self._deployment["TableName"], s3=self._cloud.s3,
            bucket=self._deployment["ArchiveBucket"],
        )  # fmt: skip
        store.put(in_production(self.model, version))

    def traffic(self, factor: float) -> None:
        self._capture(self.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1), factor)
        self._run("Discovery")
        self._run("Alerting")

    def package(self, *, person: str) -> bytes:
        client = self.client(person)
        asked = client.call("POST", "/compliance/reports", {"model_ids": [self.model], "format": "evidence"})
        return fetched(finished(client, asked["id"], where="evidence"))

    def _run(self, function: str) -> None:
        answer = self._functions.invoke(
            FunctionName=self._deployment[f"{function}Function"], Payload=b'{"type": "scheduled"}'
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
        self._rest()

    def _rest(self) -> None:
        """Until no queue holds or hands out a message, twice in a row, and none was given up."""
        quiet, deadline = 0, time.monotonic() + LONGEST
        while quiet < 2:
            assert time.monotonic() < deadline
            waiting = 0
            for url in self._queues:
                found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
                here = int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])
                assert not here or "Dead" not in url, f"given up: {url}"
                waiting += here
            quiet = quiet + 1 if waiting == 0 else 0
            time.sleep(0.15)

    def _come(self) -> None:
        cognito, pool = self._cloud.client("cognito-idp"), self._deployment["UserPoolId"]
        for group, name in PEOPLE.items():
            address = f"{name}@example.org"
            attributes = [{"Name": "email", "Value": address}, {"Name": "email_verified", "Value": "true"}]
            cognito.admin_create_user(
                UserPoolId=pool, Username=address, UserAttributes=attributes, MessageAction="SUPPRESS"
            )
            cognito.admin_set_user_password(UserPoolId=pool, Username=address, Password=PASSWORD, Permanent=True)
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=address, GroupName=group)

    def _rest_schedules(self) -> None:
        """The emulator would start all that is due at each move of the clock, at once: here they are run in turn."""
        scheduler = self._cloud.client("scheduler")
        kept = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
        for item in scheduler.list_schedules()["Schedules"]:
            found = scheduler.get_schedule(Name=item["Name"], GroupName=item["GroupName"])
            scheduler.update_schedule(**{name: found[name] for name in kept}, State="DISABLED")

    def _governed(self) -> None:
        """A first version is served and described, with two days of traffic as its baseline."""
        first = self.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=3)
        self._capture(first, 1.0)
        self.serve("1")
        owner = self.client("model_owner")
        self.model = model_id(owner, ENDPOINT)
        owner.call("PATCH", f"/models/{self.model}", {"capture_schema": to_json(SCHEMA)})
        window = {"start": first.isoformat(), "end": (first + timedelta(days=1)).isoformat()}
        owner.call("POST", f"/models/{self.model}/drift/baseline", {"window": window})

    def _capture(self, day: datetime, factor: float) -> None:
        key = f"capture/{ENDPOINT}/{VARIANT}/{day:%Y/%m/%d}/09/00-00-000.jsonl"
        self._cloud.s3.put_object(Bucket=CAPTURES, Key=key, Body=b"".join(capture_lines(day, factor)))
