"""The ports on Azure. Clients are passed in; only wiring builds them."""

from syndic.adapters.azure.tables import TableStore

__all__ = ["TableStore"]
