"""Client of Syndic's API. Start with `GovernanceClient`, or `AsyncGovernanceClient` where waiting must not block."""

from syndic_client._async.client import AsyncGovernanceClient
from syndic_client._async.pages import AsyncPages
from syndic_client._sync.client import GovernanceClient
from syndic_client._sync.pages import Pages
from syndic_client.errors import ApiError, GovernanceError
from syndic_client.records import Record, frame_of
from syndic_client.retries import Retries

__all__ = [
    "ApiError",
    "AsyncGovernanceClient",
    "AsyncPages",
    "GovernanceClient",
    "GovernanceError",
    "Pages",
    "Record",
    "Retries",
    "frame_of",
]
