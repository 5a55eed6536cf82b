"""What the deployer chooses, read from CDK context once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

import aws_cdk as cdk

from cdk.adoption import Adopted, read_adopted
from cdk.azure.choices import Azure, read_azure
from cdk.azure.names import names_of
from cdk.exists import STACK
from cdk.groups import GROUPS
from cdk.members import Members, read_members
from cdk.network import Network, read_network
from cdk.sign_in import SignIn, read_sign_in
from syndic.audit.signed.policy import read_witnesses
from syndic.errors import InvalidInputError
from syndic.settings import bucket_patterns, listed

ROOT = Path(__file__).resolve().parent.parent
EMULATOR = "devstoreaccount1"
LOCAL_WORKERS = 2  # at once for one queue on the local cloud, where each is a process of this machine
Target = Literal["release", "local"]
ServedBy = Literal["cloudfront", "api"]
ApiLogRole = Literal["make", "existing"]
UNRESERVED = 100
"""Simultaneous executions that Lambda wants left to functions without a reservation (PutFunctionConcurrency)."""

ELSEWHERE = ("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")
"""Regions of other partitions: what Syndic needs of CloudFront, Cognito and STS is not the same, or not, there."""

MOST_WITNESSES = 2000
"""Characters of their lines: a function's environment has 4 KB in all."""

KEY_ARN = re.compile(r"arn:aws:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+")
ROLE_ARN = re.compile(r"arn:aws:iam::\d{12}:role/[\w+=,.@/-]+")
SAGEMAKER_NAME = re.compile(r"[A-Za-z0-9*?][A-Za-z0-9*?-]{0,62}")
PREFIX = re.compile(r"(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


HALF_A_YEAR = 190
"""Days. Logs of high-risk systems, such as captured traffic, are kept for six months at least: AI Act, Art. 26(6)."""


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of one deployment."""

    target: Target
    capture_buckets: tuple[str, ...]
    mail_from: str | None
    mail_fallback: str | None
    dashboard_url: str | None
    site: ServedBy = "cloudfront"
    lambda_quota: int | None = None  # simultaneous executions of the account in the region; None: not said
    keep_data: bool = True
    protect: bool = False
    api_log_role: ApiLogRole = "make"
    erase_captures: bool = False  # whether captured rows may be erased
    capture_keys: tuple[str, ...] = ()
    endpoint_roles: tuple[str, ...] = ()
    rollout_endpoints: tuple[str, ...] = ("*",)
    package_groups: tuple[str, ...] = ("*",)
    login_prefix: str | None = None
    sign_in: SignIn | None = None
    azure: Azure | None = None
    audit_mail: str | None = None
    audit_lock_days: int = 3650
    audit_witnesses: str | None = None  # their lines of a policy
    access_log_days: int = 365
    capture_days: int = 400  # of traffic that is sent to the API
    tags: tuple[tuple[str, str], ...] = ()
    members: Members | None = None  # other accounts whose endpoints are found
    cloud_emulator: str | None = None  # address of the emulator that stands for AWS
    azure_emulator: str | None = None  # connection string of the emulator that stands for the Azure half
    network: Network = field(default_factory=Network)
    adopted: Adopted = field(default_factory=Adopted)
    data_key: str | None = None  # ARN of the KMS key that encrypts records, archive and traffic

    @property
    def data_removal(self) -> cdk.RemovalPolicy:
        """What becomes of records, archive, logs and people with the stack. A failed creation leaves nothing behind."""
        return cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if self.keep_data else cdk.RemovalPolicy.DESTROY

    @property
    def empties(self) -> bool:
        """Whether buckets that go with the stack are emptied first. The emulator cannot run the CDK's function."""
        return self.target != "local"

    def reserves(self, shares: Sequence[int]) -> bool:
        """Whether the quota lets each function have its share reserved."""
        return self.lambda_quota is not None and self.lambda_quota - sum(shares) >= UNRESERVED

    def workers(self, share: int, shares: Sequence[int]) -> int:
        """How many of a function may work at once on a queue. 2 is the least that Lambda lets a queue have."""
        if self.target == "local":
            return min(share, LOCAL_WORKERS)
        if self.lambda_quota is None:
            return max(2, share)
        # Those that want more share what is left when every one has its two, so that together they keep to the quota.
        left, more = max(0, self.lambda_quota - 2 * len(shares)), max(0, share - 2)
        return 2 + min(more, left * more // max(1, sum(max(0, one - 2) for one in shares)))

    @property
    def results_account(self) -> str | None:
        """The storage account of Azure's results; None without an Azure half."""
        if self.azure is not None:
            return names_of(self.azure).results
        return EMULATOR if self.azure_emulator else None

    def built(self, name: str) -> str:
        """A folder that layers/build.py made. Absolute, because jsii keeps the directory it was started in."""
        folder = ROOT / "build" / "layers" / self.target / name
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder} is not built: run `python layers/build.py --target {self.target}` first")
        return str(folder)

    def azure_package(self) -> str:
        """The code of the Azure function app, as layers/azure.py packed it."""
        archive = ROOT / "build" / "azure" / "package" / "functions.zip"
        if not archive.is_file():
            raise FileNotFoundError(f"{archive} is not built: run `python -m layers.azure` first")
        return str(archive)

    def azure_template(self, name: str, text: str) -> str:
        """Write a template to where `az` can be given it; the deployment takes the same file."""
        path = ROOT / "build" / "azure" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return str(path)


def read_options(app: cdk.App, *, region: str | None = None) -> Options:
    """The options from context. Raises `InvalidInputError` that names the one that is wrong.

    Args:
        app: Holds the context.
        region: Where it will be deployed, when that is known.
    """
    if region is not None and region.startswith(ELSEWHERE):
        raise InvalidInputError(f"{region} is in another partition; Syndic deploys to aws only", where="region")
    context = app.node.try_get_context
    target, site = _one_of(context, "target", Target), _one_of(context, "site", ServedBy)
    keys = _arns(context, "data_key", KEY_ARN)
    if len(keys) > 1:
        raise _wrong("data_key", "names more than one key")
    buckets = str(context("capture_buckets") or "sagemaker-*")
    choices, emulator, sign_in = context("azure"), context("azure_emulator"), context("sign_in")
    adopted = context("adopt")
    if adopted and sign_in:
        raise _wrong("sign_in", "of people who are taken over no provider's groups can be mapped; take over the rest")
    if emulator and target != "local":
        raise _wrong("azure_emulator", "a deployment to AWS keeps no connection string; give azure instead")
    if context("cloud_emulator") and target != "local":
        raise _wrong("cloud_emulator", "a deployment to AWS asks the user pool itself for its keys")
    try:
        patterns = bucket_patterns(buckets)
    except ValueError as error:
        raise _wrong("capture_buckets", str(error)) from error
    return Options(
        target=cast("Target", target),
        capture_buckets=patterns,
        mail_from=context("mail_from"),
        mail_fallback=context("mail_fallback"),
        dashboard_url=context("dashboard_url"),
        site=cast("ServedBy", site),
        lambda_quota=_quota(context("lambda_quota")),
        keep_data=_yes(context, "keep_data", default=True),
        protect=_yes(context, "protect", default=False),
        api_log_role=cast("ApiLogRole", _one_of(context, "api_log_role", ApiLogRole)),
        erase_captures=_yes(context, "erase_captures", default=False),
        capture_keys=_arns(context, "capture_keys", KEY_ARN),
        endpoint_roles=_arns(context, "endpoint_roles", ROLE_ARN),
        rollout_endpoints=_names(context, "rollout_endpoints"),
        package_groups=_names(context, "package_groups"),
        login_prefix=_prefix(context("login_prefix")),
        sign_in=read_sign_in(ROOT / str(sign_in), groups=frozenset(GROUPS)) if sign_in else None,
        azure=read_azure(ROOT / str(choices)) if choices else None,
        audit_mail=_address(context("audit_mail"), context("mail_from")),
        audit_witnesses=_witnesses(context("audit_witnesses")),
        audit_lock_days=_days(context, "audit_lock_days", default=3650, most=36_500),
        access_log_days=_days(context, "access_log_days", default=365, most=3650),
        capture_days=_days(context, "capture_days", default=400, least=HALF_A_YEAR, most=3650),
        tags=_tags(context("tags")),
        members=read_members(context),
        cloud_emulator=context("cloud_emulator"),
        azure_emulator=emulator,
        network=read_network(context, site=site, region=region),
        data_key=keys[0] if keys else None,
        adopted=read_adopted(ROOT / str(adopted)) if adopted else Adopted(),
    )


def read_name(app: cdk.App) -> str:
    """The stack's name. Raises `InvalidInputError`."""
    name = app.node.try_get_context("stack")
    if name is None:
        return STACK
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,39}", str(name)):
        raise _wrong("stack", f"{str(name)[:100]!r}: expected letters, digits and dashes, at most 40")
    if str(name) != STACK and app.node.try_get_context("azure"):
        raise _wrong("stack", f"the Azure half trusts roles of fixed names, which the stack {STACK} has")
    return str(name)


def _wrong(name: str, why: str) -> InvalidInputError:
    return InvalidInputError(why, where=f"context {name}")


def _one_of(context: Callable[[str], Any], name: str, kind: Any) -> str:
    allowed = get_args(kind)
    value = str(context(name) or allowed[0])
    if value not in allowed:
        raise _wrong(name, f"expected {' or '.join(allowed)}, not {value!r}")
    return value


def _yes(context: Callable[[str], Any], name: str, *, default: bool) -> bool:
    value = context(name)
    if value is None:
        return default
    if str(value).lower() not in {"yes", "no"}:
        raise _wrong(name, f"expected yes or no, not {value!r}")
    return str(value).lower() == "yes"


def _quota(value: object) -> int | None:
    if value is None:
        return None
    if not str(value).isascii() or not str(value).isdigit() or int(str(value)) < 1:
        raise _wrong("lambda_quota", f"expected a whole number of simultaneous executions, not {value!r}")
    return int(str(value))


def _address(value: object, sender: object) -> str | None:
    if value is None:
        return None
    if not re.fullmatch(r"[^\s@]{1,64}@[^\s@]{1,190}", str(value)):
        raise _wrong("audit_mail", f"{str(value)[:100]!r} is no address")
    if not sender:
        raise _wrong("audit_mail", "needs mail_from: nothing is sent without a sender")
    return str(value)


def _names(context: Callable[[str], Any], name: str) -> tuple[str, ...]:
    """Names of SageMaker, or patterns in which `*` and `?` mean what IAM means by them; all when none are given."""
    parts = tuple(dict.fromkeys(part.strip() for part in str(context(name) or "*").split(",")))
    for part in parts:
        if not SAGEMAKER_NAME.fullmatch(part):
            raise _wrong(name, f"{part[:100]!r} is no name of SageMaker, or pattern of names with * and ?")
    return parts


def _witnesses(file: object) -> str | None:
    """The lines of witnesses in a policy, as settings take them."""
    if file is None:
        return None
    try:
        text = (ROOT / str(file)).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong("audit_witnesses", f"{str(file)[:200]!r} cannot be read: {type(error).__name__}") from error
    found = read_witnesses(text, where=f"{str(file)[:200]}")
    lines = "\n".join(f"witness {one.name} {one.key} {one.url}" for one in found)
    if not found or len(lines) > MOST_WITNESSES:
        why = "names no witness" if not found else f"names more witnesses than {MOST_WITNESSES} characters hold"
        raise _wrong("audit_witnesses", f"{str(file)[:200]!r} {why}")
    return lines


def _days(context: Callable[[str], Any], name: str, *, default: int, most: int, least: int = 1) -> int:
    value = context(name)
    if value is None:
        return default
    if not str(value).isascii() or not str(value).isdigit() or not least <= int(str(value)) <= most:
        raise _wrong(name, f"expected {least} to {most} days, not {value!r}")
    return int(str(value))


def _arns(context: Callable[[str], Any], name: str, form: re.Pattern[str]) -> tuple[str, ...]:
    values = tuple(part.strip() for part in str(context(name) or "").split(",") if part.strip())
    for value in values:
        if not form.fullmatch(value):
            raise _wrong(name, f"{value[:200]!r} is no ARN such as {form.pattern}")
    return values


def _prefix(value: object) -> str | None:
    if value is None:
        return None
    if not PREFIX.fullmatch(str(value)):
        raise _wrong(
            "login_prefix",
            f"{str(value)[:100]!r} is no prefix: small letters, digits and hyphens, no aws, amazon or cognito",
        )
    return str(value)


def _tags(value: object) -> tuple[tuple[str, str], ...]:
    found = [part.partition("=") for part in listed(None if value is None else str(value))]
    for key, equals, text in found:
        if not equals or not re.fullmatch(r"(?!aws:)[\w .:/+@-]{1,128}", key) or len(text) > 256:
            raise _wrong("tags", f"{key[:100]!r}: expected key=value,key=value, no key that begins with aws:")
    return tuple((key, text) for key, _, text in found)
