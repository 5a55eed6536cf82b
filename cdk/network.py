"""Where the stack is reached and from where it reaches out: own domain, web ACLs, own subnets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from syndic.errors import InvalidInputError
from syndic.settings import listed

EVERYWHERE: Final = "us-east-1"
"""The region in which CloudFront looks for certificates, and where web ACLs of all its places are kept."""

JOIN: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)
"""What a function's role needs so that Lambda can put it into subnets (its guide, configuration-vpc, permissions)."""

_DOMAIN: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_CERTIFICATE: Final = re.compile(r"arn:aws:acm:(?P<region>[a-z0-9-]+):\d{12}:certificate/[0-9a-f-]{36}")
_ACL: Final = re.compile(r"arn:aws:wafv2:(?P<region>[a-z0-9-]+):\d{12}:(?P<scope>global|regional)/webacl/[\w-]+/[\w-]+")
_SUBNET: Final = re.compile(r"subnet-[0-9a-f]{8,17}")
_GROUP: Final = re.compile(r"sg-[0-9a-f]{8,17}")


@dataclass(frozen=True, slots=True)
class Network:
    """What the deployer says of networks. Nothing: CloudFront's own name, no web ACL, no subnets."""

    domain: str | None = None
    certificate: str | None = None
    site_acl: str | None = None  # in front of CloudFront
    api_acl: str | None = None  # in front of the API
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()


def read_network(context: Callable[[str], Any], *, site: str, region: str | None) -> Network:
    """What the context says. Raises `InvalidInputError` that names the choice.

    Args:
        context: Gives a choice by name.
        site: What serves the dashboard: ``cloudfront`` or ``api``.
        region: Of the stack, when that is known.
    """
    domain, certificate = _domain(context, site=site, region=region)
    acls = _acls(context, site=site, region=region)
    subnets = _ids(context, "subnets", _SUBNET)
    groups = _ids(context, "security_groups", _GROUP)
    if bool(subnets) != bool(groups):
        raise _wrong("subnets", "subnets and security_groups are given together")
    return Network(domain, certificate, acls.get("global"), acls.get("regional"), subnets, groups)


def _domain(context: Callable[[str], Any], *, site: str, region: str | None) -> tuple[str | None, str | None]:
    domain, certificate = context("domain"), context("certificate")
    if domain is None and certificate is None:
        return None, None
    if domain is None or not _DOMAIN.fullmatch(str(domain)):
        raise _wrong("domain", f"{str(domain)[:100]!r}: expected a name such as governance.example.com")
    found = _CERTIFICATE.fullmatch(str(certificate))
    if found is None:
        raise _wrong("certificate", f"{str(certificate)[:200]!r}: expected the ARN of the domain's certificate in ACM")
    wanted = EVERYWHERE if site == "cloudfront" else region
    if wanted is not None and found["region"] != wanted:
        raise _wrong("certificate", f"is in {found['region']}; with site={site} it must be in {wanted}")
    return str(domain), str(certificate)


def _acls(context: Callable[[str], Any], *, site: str, region: str | None) -> dict[str, str]:
    """At most one for each place, by scope."""
    found: dict[str, str] = {}
    for arn in listed(context("web_acls")):
        parts = _ACL.fullmatch(arn)
        if parts is None:
            raise _wrong("web_acls", f"{arn[:200]!r} is no ARN of a web ACL of AWS WAF")
        scope = parts["scope"]
        if scope in found:
            raise _wrong("web_acls", f"names two {scope} ones")
        if scope == "global" and (site != "cloudfront" or parts["region"] != EVERYWHERE):
            raise _wrong("web_acls", f"a global one belongs to CloudFront and is in {EVERYWHERE}")
        if scope == "regional" and region is not None and parts["region"] != region:
            raise _wrong("web_acls", f"is in {parts['region']}, the API in {region}")
        found[scope] = arn
    return found


def _ids(context: Callable[[str], Any], name: str, form: re.Pattern[str]) -> tuple[str, ...]:
    values = listed(context(name))
    for value in values:
        if not form.fullmatch(value):
            raise _wrong(name, f"{value[:100]!r}: expected ids such as {form.pattern.partition('[')[0]}0a1b2c3d")
    return values


def _wrong(name: str, why: str) -> InvalidInputError:
    return InvalidInputError(why, where=f"context {name}")
