"""All registers, for what looks at each of them: dates to come, evidence every day. To add one, add a line."""

from __future__ import annotations

from typing import Any, Final

from syndic.registers.assignments.register import ASSIGNMENTS
from syndic.registers.incidents.register import INCIDENTS
from syndic.registers.policies.register import POLICIES
from syndic.registers.processing.register import PROCESSING
from syndic.registers.register import Register
from syndic.registers.requests.register import REQUESTS
from syndic.registers.risks.register import RISKS
from syndic.registers.training.register import TRAININGS

REGISTERS: Final[tuple[Register[Any], ...]] = (
    INCIDENTS,
    RISKS,
    REQUESTS,
    PROCESSING,
    TRAININGS,
    ASSIGNMENTS,
    POLICIES,
)
