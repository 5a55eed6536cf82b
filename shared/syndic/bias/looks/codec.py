"""A ledger as JSON, as it is kept between windows."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from syndic.bias.looks.ledger import Course, Evidence, Ledger, Strata


def dump(ledger: Ledger) -> dict[str, Any]:
    """Plain JSON values."""
    return {
        "version": ledger.version,
        "since": None if ledger.since is None else ledger.since.isoformat(),
        "generation": ledger.generation,
        "windows": ledger.windows,
        "spans": [[start.isoformat(), end.isoformat()] for start, end in ledger.spans],
        "courses": {
            name: {
                "signature": course.signature,
                "reference": course.reference,
                "since": None if course.since is None else course.since.isoformat(),
                "generation": course.generation,
                "rates": {
                    rate: {
                        group: {
                            "own": one.own,
                            "shared": one.shared,
                            "counts": one.counts,
                            "weighed": one.weighed,
                            "kappa": b64encode(one.kappa.tobytes()).decode(),
                            "windows": one.windows,
                        }
                        for group, one in known.items()
                    }
                    for rate, known in course.rates.items()
                },
            }
            for name, course in ledger.courses.items()
        },
    }


def load(body: Mapping[str, Any]) -> Ledger:
    """The ledger that `dump` described."""

    def moment(text: str | None) -> datetime | None:
        return None if text is None else datetime.fromisoformat(text)

    return Ledger(
        body["version"],
        moment(body["since"]),
        body["generation"],
        [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in body["spans"]],
        body["windows"],
        {
            name: Course(
                course["signature"],
                course["reference"],
                moment(course["since"]),
                course["generation"],
                {
                    rate: {
                        group: Evidence(
                            one["own"],
                            one["shared"],
                            list(one["counts"]),
                            list(one["weighed"]),
                            np.frombuffer(b64decode(one["kappa"])),
                            one["windows"],
                        )
                        for group, one in known.items()
                    }
                    for rate, known in course["rates"].items()
                },
            )
            for name, course in body["courses"].items()
        },
    )


def load_strata(body: Mapping[str, Any] | None) -> Strata | None:
    """The strata of a window as they were kept."""
    if body is None:
        return None
    return {
        family: {
            rate: [{group: (pair[0], pair[1]) for group, pair in table.items()} for table in tables]
            for rate, tables in kept.items()
        }
        for family, kept in body["strata"].items()
    }
