"""What the deployer chooses for Azure: one JSON file, named by the context `azure`. See docs/azure-deploy.md."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from syndic.errors import InvalidInputError
from syndic.spelling import refusal

GUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
GROUP = r"[-\w.()]{0,89}[-\w()]"  # Azure's rule: at most 90 characters, not ending in a dot
Guid = Annotated[str, StringConstraints(pattern=GUID, to_lower=True)]
INSTANCES = (40, 1000)  # what Flex Consumption allows as a maximum


class Place(BaseModel):
    """A resource in a resource group, written ``subscription/resource group/name``."""

    model_config = ConfigDict(frozen=True)

    subscription: Guid
    group: str = Field(pattern=f"^{GROUP}$")
    name: str

    @model_validator(mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        parts = given.split("/") if isinstance(given, str) else []
        if len(parts) != 3:
            raise ValueError(f"expected subscription/resource group/name, not {str(given)[:200]!r}")
        return dict(zip(("subscription", "group", "name"), parts, strict=True))

    def __str__(self) -> str:
        return f"{self.subscription}/{self.group}/{self.name}"


class Workspace(Place):
    """An Azure Machine Learning workspace."""

    name: str = Field(pattern=r"^[A-Za-z0-9][-\w]{2,32}$")


class Account(Place):
    """A storage account."""

    name: str = Field(pattern=r"^[a-z0-9]{3,24}$")


class Vault(Place):
    """A key vault that uses roles, not access policies."""

    name: str = Field(pattern=r"^[A-Za-z](-?[A-Za-z0-9]){2,23}$")


class Gateway(BaseModel):
    """Predictions in the function app. Which version answers is read from the API, and records are handed on to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    api: str = Field(
        pattern=r"^https://[A-Za-z0-9.-]+(:\d+)?(/[\w.-]+)*/?$",
        description="address of the API that governs, such as https://id.execute-api.eu-central-1.amazonaws.com/prod",
    )
    vault: Vault = Field(description="key vault of the API's key and the backends' tokens; used for nothing else")
    hosts: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+(:\d+)?$")], ...] = Field(
        default=(), description="hosts of your own network that backends may be on"
    )
    pseudonym_secret: str | None = Field(default=None, description="name of the secret that keys pseudonyms")


class Standby(BaseModel):
    """A receiver that Azure tells of alerts by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    channel: Literal["slack", "slack_bot", "teams", "pagerduty", "jira", "webhook"]
    secret: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="name of the vault's secret, without `syndic-alerting-`"
    )
    options: dict[str, str] = Field(default={}, description="what else the channel has to know; nothing secret")
    severity: Literal["low", "medium", "high", "critical"] = "high"


class Telling(BaseModel):
    """Whom Azure tells of alerts by itself while AWS stays away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vault: Vault = Field(description="key vault of the receivers' secrets, each named `syndic-alerting-...`")
    receivers: tuple[Standby, ...] = Field(min_length=1, max_length=20)
    after_hours: int = Field(default=2, ge=0, le=168, description="0: they are always told, by Azure beside AWS")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [one.name for one in self.receivers]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"receivers: {twice} is listed twice")
        wanted = {"slack_bot": "channel", "webhook": "url"}
        for one in self.receivers:
            needed = wanted.get(one.channel)
            if needed is not None and needed not in one.options:
                raise ValueError(f"receivers: {one.name} needs the option {needed}")
            if "signing_secret" in one.options:
                raise ValueError(f"receivers: {one.name}: buttons are answered by the API in AWS, and by nothing here")
        return self


class Azure(BaseModel):
    """Where the Azure half goes, what it may read, and who may provision it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: Guid = Field(description="Entra tenant")
    subscription: Guid
    resource_group: str = Field(pattern=f"^{GROUP}$", description="exists already, used for nothing else")
    location: str = Field(pattern=r"^[a-z0-9]+$", description="such as westeurope; must offer Flex Consumption")
    client_id: Guid = Field(description="client id of the identity that provisions, made once by hand")
    issuer: str = Field(
        pattern=r"^https://[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws$",
        description="the AWS account's issuer of outbound web identity tokens",
    )
    workspaces: tuple[Workspace, ...] = Field(min_length=1, description="workspaces whose endpoints are governed")
    capture_accounts: tuple[Account, ...] = Field(min_length=1, description="storage accounts with captured data")
    approval_role: Guid | None = Field(
        default=None,
        description="id of the role that lets versions of models be tagged; None: approvals are not written",
    )
    gateway: Gateway | None = Field(default=None, description="None: the app serves no predictions")
    alerting: Telling | None = Field(default=None, description="None: AWS alone tells of alerts, those of Azure too")
    alarm_mails: tuple[Annotated[str, StringConstraints(pattern=r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$")], ...] = Field(
        default=(), max_length=10, description="addresses that Azure Monitor mails when an alarm fires"
    )
    memory_mb: int = Field(default=2048, description="memory of one instance: 512, 2048 or 4096")
    instances: int = Field(default=40, ge=INSTANCES[0], le=INSTANCES[1], description="at most so many at once")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.memory_mb not in {512, 2048, 4096}:
            raise ValueError(f"memory_mb: Flex Consumption offers 512, 2048 and 4096, not {self.memory_mb}")
        for name in ("workspaces", "capture_accounts"):
            written = [str(place).lower() for place in getattr(self, name)]
            twice = next((place for place in written if written.count(place) > 1), None)
            if twice:
                raise ValueError(f"{name}: {twice} is listed twice")
        return self

    @property
    def suffix(self) -> str:
        """Makes names unique in the world and the same at every deployment: from subscription and group."""
        return hashlib.sha256(f"{self.subscription}/{self.resource_group}".lower().encode()).hexdigest()[:10]


def read_azure(path: Path) -> Azure:
    """Read the file. Raises `InvalidInputError` that names the file and the field."""
    try:
        text = path.read_text("utf-8")
        return Azure.model_validate(json.loads(text))
    except OSError as error:
        raise InvalidInputError(f"it could not be read: {error.strerror}", where=f"context azure: {path}") from error
    except json.JSONDecodeError as error:
        raise InvalidInputError(f"no JSON: {error.msg}", where=f"context azure: {path}", line=error.lineno) from error
    except ValidationError as error:
        raise refusal(error, Azure, where=f"context azure: {path}") from error
