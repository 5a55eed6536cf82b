"""Builds what is needed of other accounts and regions, as far as they are configured."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property

from botocore.config import Config

from functions import aws_clients
from syndic.adapters.aws.members import (
    MemberCaptures,
    Members,
    MemberSource,
    RefusedSource,
    organisation_accounts,
    s3_reader,
)
from syndic.errors import SourceUnavailableError
from syndic.ports import CaptureReader, ModelSource
from syndic.settings import ORGANISATION, AwsSettings, listed


class MemberAccounts:
    """The accounts that are named, or those of the organisation, each in every region that is named.

    Args:
        settings: Name accounts, regions and role.
        own: Tells the function's own account.
        config: How clients wait and try again.
    """

    def __init__(self, settings: AwsSettings, *, own: Callable[[], str], config: Config) -> None:
        self._settings, self._own, self._config = settings, own, config
        self._members = Members(settings.member_role, settings.member_external_id or "", config=config)

    def sources(self) -> Iterator[ModelSource]:
        """A source for each account and region but the function's own. None asks its account for anything yet."""
        here = aws_clients.own_region()
        try:
            for account in self._accounts:
                for region in listed(self._settings.member_regions) or (here,):
                    if (account, region) != (self._own(), here):
                        yield MemberSource(self._members, account, region)
        except SourceUnavailableError as error:
            yield RefusedSource(ORGANISATION, str(error))

    def captures(self, own: CaptureReader, buckets: Collection[str] | None) -> CaptureReader:
        """Reads a member's captures with its role, and all others as `own` does."""
        return MemberCaptures(own, self._is_member, s3_reader(self._members, buckets))

    @cached_property
    def _accounts(self) -> Sequence[str]:
        if self._settings.member_accounts != ORGANISATION:
            return listed(self._settings.member_accounts)
        return organisation_accounts(aws_clients.client("organizations", config=self._config))

    def _is_member(self, account: str) -> bool:
        named = self._settings.member_accounts == ORGANISATION or account in listed(self._settings.member_accounts)
        return named and account.isdigit() and account != self._own()
