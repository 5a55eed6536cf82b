"""All registers, for what looks at each of them: dates to come, evidence every day. To add one, add a line."""

from __future__ import annotations

from typing import Any, Final

from syndic.registers.assignments.register import ASSIGNMENTS
from syndic.registers.conformity.register import FILES, FORMS, MODIFICATIONS, REGISTRATIONS
from syndic.registers.incidents.register import INCIDENTS
from syndic.registers.monitoring.register import PLANS
from syndic.registers.policies.register import POLICIES
from syndic.registers.processing.register import PROCESSING
from syndic.registers.register import Register
from syndic.registers.requests.register import REQUESTS
from syndic.registers.risks.register import RISKS
from syndic.registers.systems.register import SYSTEMS
from syndic.registers.training.register import TRAININGS
from syndic.registers.vendors.register import VENDORS

REGISTERS: Final[tuple[Register[Any], ...]] = (
    INCIDENTS,
    RISKS,
    REQUESTS,
    PROCESSING,
    TRAININGS,
    ASSIGNMENTS,
    POLICIES,
    SYSTEMS,
    VENDORS,
    PLANS,
    FILES,
    MODIFICATIONS,
    FORMS,
    REGISTRATIONS,
)
