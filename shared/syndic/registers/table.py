"""All registers, for what looks at each of them: dates to come, evidence every day. To add one, add a line."""

from __future__ import annotations

from typing import Any, Final

from syndic.registers.incidents.register import INCIDENTS
from syndic.registers.register import Register
from syndic.registers.risks.register import RISKS

REGISTERS: Final[tuple[Register[Any], ...]] = (INCIDENTS, RISKS)
