"""The nouns that every concern uses. All are frozen; all dates are aware and in UTC.

A concern's own nouns live in ``syndic.<concern>.models``. Nothing here holds a captured row.
"""

from syndic.models.base import Cloud, Concern, Finite, Moment, Noun, Rules, Severity, Written, to_json
from syndic.models.captures import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    Intake,
)
from syndic.models.events import (
    BaselineRequested,
    CheckRequested,
    CountRequested,
    Event,
    EvidenceChanged,
    FindingsChanged,
    ModelChecked,
    ModelsDiscovered,
    PartRequested,
    ReportRequested,
    WindowCounted,
    to_be_counted,
)
from syndic.models.facts import AuditEntry, Evidence, EvidenceStatus, Finding
from syndic.models.registered import (
    ComplianceStatus,
    Endpoint,
    EndpointVariant,
    Presence,
    RegisteredModel,
    RiskDecision,
    RiskLevel,
    model_id,
    slug,
)
from syndic.models.times import TimeWindow, WindowLength

__all__ = [
    "AuditEntry",
    "BaselineRequested",
    "CaptureConfig",
    "CaptureFormat",
    "CaptureSchema",
    "CheckRequested",
    "Cloud",
    "ColumnKind",
    "ColumnRole",
    "ColumnSpec",
    "ComplianceStatus",
    "Concern",
    "CountRequested",
    "Endpoint",
    "EndpointVariant",
    "Event",
    "Evidence",
    "EvidenceChanged",
    "EvidenceStatus",
    "Finding",
    "FindingsChanged",
    "Finite",
    "Intake",
    "ModelChecked",
    "ModelsDiscovered",
    "Moment",
    "Noun",
    "PartRequested",
    "Presence",
    "RegisteredModel",
    "ReportRequested",
    "RiskDecision",
    "RiskLevel",
    "Rules",
    "Severity",
    "TimeWindow",
    "WindowCounted",
    "WindowLength",
    "Written",
    "model_id",
    "slug",
    "to_be_counted",
    "to_json",
]
