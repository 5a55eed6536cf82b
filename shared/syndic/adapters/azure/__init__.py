"""The ports on Azure. Clients are passed in; only wiring builds them.

Each name is imported when it is first asked for, so that a function pays only for what it uses.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from syndic.adapters.azure.archive import BlobArchive
    from syndic.adapters.azure.captures import BlobCaptures
    from syndic.adapters.azure.clients import StorageClients
    from syndic.adapters.azure.inference_queue import StorageInferenceLog
    from syndic.adapters.azure.key_vault import KeyVaultSecrets
    from syndic.adapters.azure.machine_learning import AzureMachineLearning
    from syndic.adapters.azure.model_registry import AzureModels
    from syndic.adapters.azure.queues import QueueBus
    from syndic.adapters.azure.storage_rules import AzureStorageInspector
    from syndic.adapters.azure.tables import TableStore

__all__ = [
    "AzureMachineLearning",
    "AzureModels",
    "AzureStorageInspector",
    "BlobArchive",
    "BlobCaptures",
    "KeyVaultSecrets",
    "QueueBus",
    "StorageClients",
    "StorageInferenceLog",
    "TableStore",
]

_PLACES: Final = {
    "AzureMachineLearning": "machine_learning",
    "AzureModels": "model_registry",
    "AzureStorageInspector": "storage_rules",
    "BlobArchive": "archive",
    "BlobCaptures": "captures",
    "KeyVaultSecrets": "key_vault",
    "QueueBus": "queues",
    "StorageClients": "clients",
    "StorageInferenceLog": "inference_queue",
    "TableStore": "tables",
}


def __getattr__(name: str) -> Any:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{place}"), name)
