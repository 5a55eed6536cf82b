"""Every environment variable, in one place. `cdk` and the Azure template write exactly these names.

A field ``table_name`` is read from ``SYNDIC_TABLE_NAME``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import ClassVar, Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Json, ValidationError, field_validator, model_validator

from syndic.errors import InvalidInputError

PREFIX = "SYNDIC_"
_BUCKET_PATTERN: Final = re.compile(r"[a-z0-9.*?-]{1,63}")
_LEAST_NAMED: Final = 3  # characters: a pattern of `*` alone would make every bucket of the account readable


class Settings(BaseModel):
    """What every cloud's functions are told. Unset optional settings are None and the feature is off."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    without_mail: ClassVar[str] = "no sender is set (SYNDIC_MAIL_FROM)"
    """Why no mail is sent where there is no notifier."""

    table_name: str = Field(description="table of records")
    mail_from: str | None = Field(default=None, description="verified sender; None: no mail is sent")
    mail_fallback: str | None = Field(default=None, description="address for alerts of models that have no owner")
    audit_mail: str | None = Field(default=None, description="the auditors' address, to which checkpoints are sent")
    audit_witnesses: str | None = Field(
        default=None, description="lines `witness NAME KEY ADDRESS` (C2SP tlog-policy): who signs checkpoints too"
    )
    access_log_days: int = Field(
        default=365, ge=1, le=3650, description="for how long reads are kept in the access log"
    )
    erase_captures: bool = Field(
        default=False, description="whether captured rows may be erased; for the functions of erasure and the API"
    )
    schedules: Json[dict[str, str]] = Field(
        default={}, description="JSON object: function -> rate or cron expression in UTC; for the API's function only"
    )
    dashboard_url: str | None = Field(default=None, description="for links in messages")
    map_threshold_mb: int = Field(default=256, ge=1, description="captured MB above which a window is mapped")
    backend_hosts: str | None = Field(
        default=None, description="comma-separated host or host:port of one's own network that the gateway may ask"
    )
    pseudonym_secret: str | None = Field(default=None, description="name of the secret that keys pseudonyms in the log")
    serving_seconds: int = Field(
        default=15, ge=1, le=60, description="how long the gateway keeps what may answer before it reads it again"
    )
    log_level: str = "INFO"


class AwsSettings(Settings):
    """Settings of a Lambda function."""

    archive_bucket: str = Field(description="S3 bucket of baselines, report files and quarantined lines")
    event_bus: str = Field(description="EventBridge bus name")
    member_accounts: str | None = Field(
        default=None, description="comma-separated ids of other accounts whose endpoints are found, or `organisation`"
    )
    member_regions: str | None = Field(default=None, description="comma-separated; None: the function's own")
    member_role: str = Field(default="SyndicReader", description="name of the role in each of these accounts")
    member_external_id: str | None = Field(default=None, description="what the role asks of whoever assumes it")
    user_pool_id: str | None = Field(default=None, description="who may sign in; for the API's function only")
    sign_in_apps: str | None = Field(
        default=None, description="comma-separated ids of the pool's apps whose ID tokens are taken; the API's only"
    )
    user_pool_keys: str | None = Field(
        default=None, description="address of the pool's public keys; None: Cognito's own. For emulators"
    )
    scripts_client_id: str | None = Field(default=None, description="the pool's app for `/auth/login`; the API's only")
    alerts_topic: str | None = Field(default=None, description="ARN of the topic of those who subscribe to alerts")
    map_state_machine: str | None = Field(default=None, description="ARN of the map for large windows")
    capture_buckets: str | None = Field(
        default=None, description="comma-separated names, or patterns with * and ?; None: any readable"
    )
    received_captures: str | None = Field(
        default=None, pattern=r"^s3://[a-z0-9.-]{3,63}(/[A-Za-z0-9._/-]{1,200})?$",
        description="s3://bucket/prefix of traffic that is sent to the API; for the API's function only",
    )  # fmt: skip
    prediction_queue: str | None = Field(default=None, description="URL of the queue of predictions' records")
    audit_entries_table: str | None = Field(default=None, description="contents of audit entries; unset: with records")
    audit_tree_table: str | None = Field(default=None, description="leaves of the audit trail; unset: with records")
    audit_pending_table: str | None = Field(default=None, description="what waits for its place; unset: with records")
    audit_bucket: str | None = Field(default=None, description="locked bucket of checkpoints and tiles")
    audit_key: str | None = Field(default=None, description="KMS key that signs checkpoints; only the sequencer's")
    audit_log_name: str | None = Field(default=None, description="name of the audit log, which its key is called by")
    azure_storage_account: str | None = Field(default=None, description="Azure's results; for every function, or none")
    azure_storage_connection: str | None = Field(default=None, description="connection string; for the emulator only")
    azure_table_name: str = Field(default="syndicrecords", description="Azure's table of records")
    azure_archive_container: str = Field(default="syndic-archive", description="Azure's container of large records")
    azure_tenant_id: str | None = Field(default=None, description="Entra tenant of the identity below")
    azure_client_id: str | None = Field(default=None, description="Azure identity that trusts the mirror's role")

    @model_validator(mode="after")
    def _members(self) -> Self:
        if self.member_accounts is not None and not self.member_external_id:
            raise ValueError("member_external_id is missing: without it a role could be used for somebody else")
        return self

    @field_validator("capture_buckets")
    @classmethod
    def _patterns(cls, value: str | None) -> str | None:
        return None if value is None else ",".join(bucket_patterns(value))


class AzureSettings(Settings):
    """Settings of the Azure function app."""

    without_mail: ClassVar[str] = "AWS sends all mail"

    storage_account: str = Field(description="name of the account of results: table, archive container, queues")
    storage_connection: str | None = Field(default=None, description="connection string; for the emulator only")
    archive_container: str = Field(description="container of baselines and quarantined lines")
    client_id: str | None = Field(default=None, description="client id of the app's user-assigned identity")
    ml_workspaces: str = Field(description="comma-separated subscription/resource group/workspace")
    capture_accounts: str | None = Field(default=None, description="comma-separated allow-list; None: any readable")
    capture_places: str | None = Field(
        default=None, description="the same accounts as subscription/resource group/name; None: no rules are read"
    )
    resource_manager: str = Field(default="https://management.azure.com", description="address of the control plane")
    governing_api: str | None = Field(
        default=None, description="address of the API that says which version answers; None: no predictions here"
    )
    key_vault: str | None = Field(default=None, description="address of the vault of the gateway's secrets")
    channel_vault: str | None = Field(
        default=None, description="address of the vault of the receivers' secrets; None: nobody is told from Azure"
    )
    standby_receivers: str = Field(
        default='{"receivers": []}', description="JSON object: the `receivers` that are told from Azure"
    )
    standby_hours: int = Field(
        default=2, ge=0, le=168, description="how long AWS may stay away before they are told; 0: they always are"
    )
    api_key_secret: str = Field(default="syndic-api-key", description="name of the secret that holds the API's key")


class SiteSettings(BaseModel):
    """Settings of the function that serves the dashboard where there is no CloudFront."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    site_bucket: str = Field(description="S3 bucket of the dashboard's files")
    site_headers: Json[dict[str, str]] = Field(description="JSON object of headers sent with every file")


class SignInSettings(BaseModel):
    """Settings of the function that the user pool asks for the groups of people of an external provider."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    group_map: Json[dict[str, str]] = Field(description="JSON object: the provider's group -> Syndic's group")


ORGANISATION: Final = "organisation"


def listed(text: str | None) -> tuple[str, ...]:
    """The parts of a comma-separated setting."""
    return tuple(dict.fromkeys(part.strip() for part in (text or "").split(",") if part.strip()))


KINDS: Final = (AwsSettings, AzureSettings, SiteSettings, SignInSettings)
SettingsT = TypeVar("SettingsT", bound=BaseModel)


def bucket_patterns(text: str) -> tuple[str, ...]:
    """The buckets named in a comma-separated list: names, or patterns in which `*` and `?` mean what IAM means by them.

    Raises:
        ValueError: A part that no bucket's name can match, or that leaves nearly everything open.
    """
    patterns = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not patterns:
        raise ValueError("no bucket is named")
    for pattern in patterns:
        if not _BUCKET_PATTERN.fullmatch(pattern):
            raise ValueError(f"{pattern[:100]!r} is no name or pattern of a bucket, such as my-captures or sagemaker-*")
        if len(pattern.replace("*", "").replace("?", "")) < _LEAST_NAMED:
            raise ValueError(f"{pattern!r} leaves nearly every bucket open: name at least {_LEAST_NAMED} characters")
    return patterns


def variable(field: str) -> str:
    """The environment variable of a settings field."""
    if not any(field in kind.model_fields for kind in KINDS):
        raise KeyError(field)
    return PREFIX + field.upper()


def read_settings(kind: type[SettingsT], environ: Mapping[str, str] | None = None) -> SettingsT:
    """Read the settings of one kind; raises `InvalidInputError` that names the variable."""
    environ = os.environ if environ is None else environ
    values = {name: environ[variable(name)] for name in kind.model_fields if environ.get(variable(name))}
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = variable(str(first["loc"][0] if first["loc"] else first["msg"].split()[2]))
        raise InvalidInputError(first["msg"], where=f"environment variable {name}") from error
