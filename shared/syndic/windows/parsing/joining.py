"""Inputs and outputs that were captured apart meet by the id of their call, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

import msgspec
import numpy as np

from syndic.windows.parsing.batches import PieceBuilder, Placement
from syndic.windows.parsing.payloads import Row
from syndic.windows.rejected import Reason, Rejected

MAX_WAITING = 16_384
"""Rows of calls whose other side has not come yet; beyond it the oldest are used with that side missing."""

_FEW: Final = 4
"""Calls that may wait however many rows they have: else one of more rows than `MAX_WAITING` would never be joined."""

_astuple = msgspec.structs.astuple


class Call(msgspec.Struct, gc=False):
    """One record of one side."""

    source: str
    line: int
    offset: int
    call_id: str | None
    time: int  # ms, numpy's NaT as a number when unknown
    rows: Sequence[msgspec.Struct]  # each of its side's `row_type`; none when the record was rejected


class CallJoiner:
    """Collects calls, joins their sides and adds them to a piece.

    Of calls outside the files of `own` nothing is added: another reader counts them. A call belongs where its input
    lies, or its only side.
    """

    def __init__(self, builder: PieceBuilder, *, own: frozenset[str] | None = None) -> None:
        self._own = own
        self._builder, self._account = builder, builder.account
        self._inputs: dict[str, Call] = {}
        self._outputs: dict[str, Call] = {}
        self._waiting_rows = 0
        self._calls: list[Call] = []  # those complete, with the rows of each side
        self._given: list[Row] = []
        self._answered: list[Row] = []

    def add_whole(self, calls: Iterable[Call], width: int) -> None:
        """Records that hold both sides: the first `width` cells of each row are inputs."""
        for call in calls:
            rows = list(map(_astuple, call.rows))
            self._complete(call, [row[:width] for row in rows], [row[width:] for row in rows])

    def add_halves(self, calls: Sequence[Call], *, is_input: bool) -> None:
        """Records of one side; their other one may have come before or is still to come."""
        own, others = (self._inputs, self._outputs) if is_input else (self._outputs, self._inputs)
        pairs: list[tuple[Call, Call]] = []
        waiting = 0
        for call in calls:
            key = call.call_id
            partner = None if key is None else others.pop(key, None)
            if partner is not None and not partner.rows:
                waiting -= 1
                self._without(partner, call, is_input=is_input)
            elif partner is not None:
                waiting -= len(partner.rows)
                pairs.append((call, partner) if is_input else (partner, call))
            elif key in own and not own[key].rows:
                own[key] = call  # a whole copy of an input that was damaged
                waiting += len(call.rows) - 1
            elif key is None or key in own:
                self._release(call, is_input=is_input)  # nothing can be joined to it, or its name is taken
            else:
                own[key] = call
                waiting += len(call.rows)
        self._waiting_rows += waiting
        if self._own is not None:
            pairs = [pair for pair in pairs if pair[0].source in self._own]
        fitting = [pair for pair in pairs if len(pair[0].rows) == len(pair[1].rows)]
        if len(fitting) < len(pairs):
            for pair in pairs:
                self._reject_unequal(*pair)
        self._calls.extend([given for given, _ in fitting])
        self._given.extend(map(_astuple, chain.from_iterable([given.rows for given, _ in fitting])))
        self._answered.extend(map(_astuple, chain.from_iterable([answered.rows for _, answered in fitting])))
        self._account.used += 2 * len(fitting)

    def void(self, call: Call, *, is_input: bool) -> None:
        """Take note of a record that was rejected, so that its other side is not taken for a call of one side."""
        own, others = (self._inputs, self._outputs) if is_input else (self._outputs, self._inputs)
        key = call.call_id
        if key is None or key in own:
            return
        partner = others.pop(key, None)
        if partner is None:
            own[key] = Call(call.source, call.line, call.offset, key, call.time, ())
            self._waiting_rows += 1
        else:
            self._waiting_rows -= len(partner.rows) or 1
            if partner.rows:
                self._without(call, partner, is_input=not is_input)

    def _without(self, void: Call, call: Call, *, is_input: bool) -> None:
        """An answer without its question is no row; a question without its answer is one that lacks it."""
        if is_input:
            if self._own is None or call.source in self._own:
                self._account.miss(self._builder.outputs.kept_names, len(call.rows))
            self._release(call, is_input=True)
        elif self._own is None or void.source in self._own:
            detail = "the input of the call was rejected, so that its output belongs to no row"
            self._account.reject(Rejected(call.source, call.line, call.offset, Reason.ROWS, detail))

    def _reject_unequal(self, given: Call, answered: Call) -> None:
        if len(given.rows) == len(answered.rows):
            return
        detail = f"{len(given.rows)} input rows and {len(answered.rows)} output rows with one correlationid"
        for half in (given, answered):
            self._account.reject(Rejected(half.source, half.line, half.offset, Reason.ROWS, detail))

    def _complete(self, call: Call, given: Sequence[Row], answered: Sequence[Row]) -> None:
        if self._own is not None and call.source not in self._own:
            return
        self._calls.append(call)
        self._given.extend(given)
        self._answered.extend(answered)
        self._account.used += 1

    def _release(self, call: Call, *, is_input: bool) -> None:
        rows = list(map(_astuple, call.rows))
        blank = [(self._builder.outputs if is_input else self._builder.inputs).blank] * len(rows)
        self._complete(call, *((rows, blank) if is_input else (blank, rows)))

    def flush(self, may_wait: int) -> None:
        """Add what is complete to the piece; of what is not, the newest `may_wait` rows may wait on. 0: none may."""
        few = _FEW if may_wait else 0
        while self._waiting_rows > may_wait and len(self._inputs) + len(self._outputs) > few:
            is_input = len(self._inputs) >= len(self._outputs)
            waiting = self._inputs if is_input else self._outputs
            call = waiting.pop(next(iter(waiting)))
            self._waiting_rows -= len(call.rows) or 1
            if call.rows:
                self._release(call, is_input=is_input)
        if not self._calls:
            return
        counts = np.array([len(call.rows) for call in self._calls], np.intp)
        ids = Placement(counts).ids([call.call_id for call in self._calls])
        times = np.repeat(np.array([call.time for call in self._calls], np.int64).view("datetime64[ms]"), counts)
        inputs, outputs = self._builder.inputs, self._builder.outputs
        own = inputs.own_ids(self._given, outputs.own_ids(self._answered, ids))
        self._builder.add(own, times, self._given, self._answered)
        self._calls, self._given, self._answered = [], [], []
