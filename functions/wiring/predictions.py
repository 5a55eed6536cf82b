"""What predictions are served with: loaded by the one function that serves them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from functions.wiring.captures import CapturedTraffic
from syndic.ports import Backends

if TYPE_CHECKING:
    from syndic.gateway.predict import Gateway
    from syndic.gateway.serving import Serving


class Predictions(CapturedTraffic):
    """The gateway."""

    @cached_property
    def gateway(self) -> Gateway:
        """What predictions are served with: for the function that has the rights to."""
        from functions.wiring.gateway import gateway_of  # noqa: PLC0415 - numpy and SageMaker's runtime, in one function

        return gateway_of(self)

    @cached_property
    def serving(self) -> Serving:
        """Which version of a model answers, as the records say."""
        from syndic.gateway.serving import Serving  # noqa: PLC0415 - only what serves predictions
        from syndic.gateway.state import read_state  # noqa: PLC0415

        staleness = timedelta(seconds=self.settings.serving_seconds)
        return Serving(lambda model_id: read_state(self.store, model_id), clock=self.now, staleness=staleness)

    @cached_property
    def backends(self) -> Backends:
        """Every service that can answer for a version."""
        from functions.wiring.gateway import backends_of  # noqa: PLC0415 - as above

        return backends_of(self)

    @cached_property
    def pseudonyms(self) -> Callable[[], bytes | None]:
        """The key of pseudonyms in the log of predictions."""
        from functions.wiring.gateway import pseudonyms_of  # noqa: PLC0415 - as above

        return pseudonyms_of(self)
