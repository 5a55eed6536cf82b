"""Every port in memory: for tests, for the command line tool, and as the plainest statement of what a port means."""

from syndic.adapters.memory.directory import MemoryDirectory
from syndic.adapters.memory.files import MemoryArchive, MemoryCaptures, gzipped
from syndic.adapters.memory.inference import MemoryBackends, MemoryInferenceLog
from syndic.adapters.memory.issuer_keys import MemoryIssuerKeys
from syndic.adapters.memory.messages import (
    MemoryAudit,
    MemoryBus,
    MemoryChannels,
    MemoryMap,
    MemoryNotifier,
    MemorySource,
)
from syndic.adapters.memory.secrets import MemorySecrets
from syndic.adapters.memory.storage import MemoryStorageInspector
from syndic.adapters.memory.store import MemoryStore
from syndic.adapters.memory.traffic import MemoryEndpointMetrics, MemoryTraffic

__all__ = [
    "MemoryArchive",
    "MemoryAudit",
    "MemoryBackends",
    "MemoryBus",
    "MemoryCaptures",
    "MemoryChannels",
    "MemoryDirectory",
    "MemoryEndpointMetrics",
    "MemoryInferenceLog",
    "MemoryIssuerKeys",
    "MemoryMap",
    "MemoryNotifier",
    "MemorySecrets",
    "MemorySource",
    "MemoryStorageInspector",
    "MemoryStore",
    "MemoryTraffic",
    "gzipped",
]
