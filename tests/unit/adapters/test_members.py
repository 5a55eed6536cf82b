"""Other accounts and regions: each is read with its role, and one that refuses hides no other."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.session import Session

from functions import aws_clients
from functions.members import MemberAccounts
from functions.wiring.clients import CLIENT
from syndic.adapters.aws import S3Captures
from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryCaptures, MemoryStore
from syndic.discovery.discover import discover_models
from syndic.errors import InvalidInputError, SourceUnavailableError
from syndic.models import CaptureConfig, CaptureFormat, Cloud, Endpoint, ListingRequested, TimeWindow
from syndic.records import list_models
from syndic.settings import AwsSettings, read_settings
from syndic.tasks import discovery

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ACCOUNTS = [f"{number:012}" for number in range(101, 121)]
REGIONS = ["eu-central-1", "eu-west-1", "us-east-1"]
REFUSING = ACCOUNTS[7]
BASE = {"SYNDIC_TABLE_NAME": "t", "SYNDIC_ARCHIVE_BUCKET": "a", "SYNDIC_EVENT_BUS": "b"}
MEMBERS = {
    "SYNDIC_MEMBER_ACCOUNTS": ",".join(ACCOUNTS),
    "SYNDIC_MEMBER_REGIONS": ",".join(REGIONS),
    "SYNDIC_MEMBER_EXTERNAL_ID": "only-us",
}


class Organisation:
    """Answers the calls of every account: which identity called, and what it may see."""

    def __init__(self) -> None:
        self.assumed: Counter[str] = Counter()
        self.asked: list[tuple[str, str]] = []
        self.refuse_organisation = False

    def answer(self, request: Any, **_: Any) -> AWSResponse | None:
        url, body = request.url, (request.body or b"")
        text = body.decode() if isinstance(body, bytes) else str(body)
        if "sts." in url:
            account = text.split("iam%3A%3A")[1][:12]
            assert "ExternalId=only-us" in text
            self.assumed[account] += 1
            if account == REFUSING:
                return _response(url, 403, _xml_error(f"is not authorized to perform: sts:AssumeRole on {account}"))
            return _response(url, 200, _session(account))
        if "organizations." in url:
            if self.refuse_organisation:
                denied = b'{"__type":"AccessDeniedException","Message":"not the management account"}'
                return _response(url, 400, denied)
            accounts = ",".join(f'{{"Id":"{one}","Status":"ACTIVE"}}' for one in ACCOUNTS)
            return _response(
                url, 200, f'{{"Accounts":[{accounts},{{"Id":"999999999999","Status":"SUSPENDED"}}]}}'.encode()
            )
        key = (
            request.headers["Authorization"].decode()
            if isinstance(request.headers["Authorization"], bytes)
            else (request.headers["Authorization"])
        )
        account = key.split("Credential=AKIA")[1].split("/")[0]
        region = key.split("/")[2]
        self.asked.append((account, region))
        target = request.headers["X-Amz-Target"]
        target = target.decode() if isinstance(target, bytes) else target
        arn = f"arn:aws:sagemaker:{region}:{account}:endpoint/risk"
        found = {
            "ListEndpoints": f'{{"Endpoints":[{{"EndpointName":"risk","EndpointArn":"{arn}"}}]}}',
            "DescribeEndpoint": f'{{"EndpointName":"risk","EndpointArn":"{arn}","EndpointConfigName":"c",'
            '"EndpointStatus":"InService","CreationTime":1700000000,"LastModifiedTime":1700000000}',
            "DescribeEndpointConfig": '{"EndpointConfigName":"c","ProductionVariants":[]}',
            "ListTags": '{"Tags":[]}',
            "ListTransformJobs": '{"TransformJobSummaries":[]}',
        }
        return _response(url, 200, found[target.split(".")[1]].encode())


@pytest.fixture
def organisation(monkeypatch: pytest.MonkeyPatch) -> Organisation:
    made = Organisation()
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOWN")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", lambda _, request: made.answer(request))
    monkeypatch.setattr(aws_clients, "_session", cache(Session))
    return made


def _response(url: str, status: int, content: bytes) -> AWSResponse:
    class Raw:
        def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
            yield content

    return AWSResponse(url, status, {}, Raw())


def _xml_error(message: str) -> bytes:
    return (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{message}</Message></Error>"
        "</ErrorResponse>"
    ).encode()


def _session(account: str) -> bytes:
    return (
        "<AssumeRoleResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><AssumeRoleResult><Credentials>"
        f"<AccessKeyId>AKIA{account}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
    ).encode()


def members(**changed: str) -> MemberAccounts:
    settings = read_settings(AwsSettings, BASE | MEMBERS | changed)
    return MemberAccounts(settings, own=lambda: "000000000001", config=CLIENT)


class Clouds:
    """What the discovery task asks for, over the members."""

    def __init__(self, accounts: MemberAccounts) -> None:
        self.store, self.bus, self.audit, self.captures = MemoryStore(), MemoryBus(), MemoryAudit(), MemoryCaptures()
        self._accounts = accounts
        self.counted: Counter[str] = Counter()

    @property
    def sources(self) -> Any:
        return tuple(self._accounts.sources())

    def now(self) -> datetime:
        return NOW

    def count(self, name: str, value: float = 1, **_: str) -> None:
        self.counted[name] += int(value)


def test_of_twenty_accounts_in_three_regions_the_one_that_refuses_is_named_and_the_others_are_found(
    organisation: Organisation,
) -> None:
    clouds: Any = Clouds(members())
    assert discovery.discover(clouds).registered == ()
    asked = clouds.bus.of("ListingRequested")
    assert len(asked) == 60
    assert not organisation.assumed, "a source that is not asked asks for nothing"
    reports = [discovery.take(_message(one), clouds) for one in asked]
    assert sum(len(report.registered) for report in reports) == 57
    refused = {name: reason for report in reports for name, reason in report.unavailable.items()}
    assert sorted(refused) == [f"sagemaker {REFUSING}/{region}" for region in REGIONS]
    assert all("AccessDenied" in reason and "sts:AssumeRole" in reason for reason in refused.values())
    assert {(account, region) for account, region in organisation.asked} == {
        (account, region) for account in ACCOUNTS if account != REFUSING for region in REGIONS
    }
    models = list(list_models(clouds.store))
    assert len({model.id for model in models}) == 57
    assert clouds.counted["SourcesUnavailable"] == 3


def _message(event: ListingRequested) -> str:
    return f'{{"detail-type":"ListingRequested","detail":{event.model_dump_json()}}}'


def test_the_accounts_of_an_organisation_are_its_active_ones(organisation: Organisation) -> None:
    found = [one.name for one in members(SYNDIC_MEMBER_ACCOUNTS="organisation").sources()]
    assert len(found) == 60
    assert not any("999999999999" in name for name in found)


def test_an_organisation_that_may_not_be_listed_is_said_and_asked_again(organisation: Organisation) -> None:
    accounts = members(SYNDIC_MEMBER_ACCOUNTS="organisation")
    organisation.refuse_organisation = True
    (refused,) = accounts.sources()
    with pytest.raises(SourceUnavailableError, match="not the management account"):
        list(refused.listing())
    report = discover_models(
        sources=[refused], store=MemoryStore(), captures=MemoryCaptures(), bus=MemoryBus(), audit=MemoryAudit(), now=NOW
    )
    assert list(report.unavailable) == ["organisation"]
    organisation.refuse_organisation = False
    assert len(list(accounts.sources())) == 60


def test_a_members_files_are_read_with_its_role_and_others_with_our_own(organisation: Organisation) -> None:
    own = MemoryCaptures()
    reader = members().captures(own, ["sagemaker-*"])
    capture = CaptureConfig(enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://sagemaker-captures/in")
    there = Endpoint(
        cloud=Cloud.AWS, scope=f"{ACCOUNTS[0]}/eu-west-1", name="risk", resource_id="arn:there", status="InService"
    )
    here = there.model_copy(update={"scope": "000000000001/eu-central-1"})
    hour = TimeWindow(start=NOW, end=NOW.replace(hour=13))
    own.add("s3://sagemaker-captures/in/risk/v/2026/11/21/12/0.jsonl", b"{}", modified=NOW)
    assert len(list(reader.objects(here, capture, hour))) == 1
    assert reader._at(capture.uri) is own  # type: ignore[attr-defined]
    assert isinstance(reader._of(there, capture), S3Captures)  # type: ignore[attr-defined]
    assert isinstance(reader._at(capture.uri), S3Captures)  # type: ignore[attr-defined]
    default = f"s3://sagemaker-eu-west-1-{ACCOUNTS[1]}/in"
    assert isinstance(reader._at(default), S3Captures)  # type: ignore[attr-defined]
    assert reader._at("s3://sagemaker-eu-west-1-000000000001/in") is own  # type: ignore[attr-defined]


def test_members_without_an_external_id_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="SYNDIC_MEMBER_EXTERNAL_ID"):
        read_settings(AwsSettings, BASE | {"SYNDIC_MEMBER_ACCOUNTS": ACCOUNTS[0]})
