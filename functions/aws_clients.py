"""Clients of AWS services in the function's own account and region, by botocore alone.

boto3 would add resources and file transfers, which nothing here uses, to the start of every function (decision 003).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from botocore.session import Session

__all__ = ["client", "own_region"]

if TYPE_CHECKING:
    from boto3 import client  # the same call; its stubs know each service
else:

    def client(service, *, config):
        """A client of a service."""
        return _session().create_client(service, config=config)


@cache
def _session() -> Session:
    return Session()


def own_region() -> str:
    """The region that clients are made for; Lambda always names it."""
    return str(_session().get_config_variable("region"))
