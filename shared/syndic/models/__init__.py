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
    Event,
    EvidenceChanged,
    FindingsChanged,
    ModelChecked,
    ModelsDiscovered,
    PartRequested,
    ReportRequested,
)
from syndic.models.facts import AuditEntry, Evidence, EvidenceStatus, Finding
from syndic.models.registered import (
    TOLD,
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
    "TOLD",
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
    "WindowLength",
    "Written",
    "model_id",
    "slug",
    "to_json",
]
