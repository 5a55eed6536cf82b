"""``syndic performance``: how good a model is where labels have not come, by a reference that has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndic.cli.shell.compared_files import bytes_of, until_told
from syndic.cli.shell.options import data_option, decimal_option, format_option
from syndic.cli.shell.outcomes import code_of, headline, inconclusive_option
from syndic.cli.shell.tables import table
from syndic.cli.shell.written import written

if TYPE_CHECKING:
    from syndic.quality.models import ExpectedPerformance


@click.command("performance")
@data_option("--reference", "Rows with labels, in the order of time: CSV, JSON or Parquet.")
@data_option("--current", "Rows whose labels need not be there.")
@click.option("--label", metavar="COLUMN", required=True, help="Column of the ground truth.")
@click.option("--prediction", metavar="COLUMN", required=True, help="Column of the predicted class, or number.")
@click.option(
    "--score", metavar="COLUMN", help="Column of the positive class's chance; without it the loss is expected."
)
@click.option("--positive", metavar="VALUE", default="1", show_default=True, help="The positive class.")
@click.option(
    "--ignore", metavar="COLUMN", multiple=True, help="An input that says nothing, such as an id; repeatable."
)
@click.option("--policy", "policy_path", type=click.Path(path_type=Path), metavar="FILE", help="Quality policy (YAML).")
@decimal_option
@inconclusive_option
@format_option
def command(  # noqa: PLR0917
    reference: Path,
    current: Path,
    label: str,
    prediction: str,
    score: str | None,
    positive: str,
    ignore: tuple[str, ...],
    policy_path: Path | None,
    decimal_mark: str | None,
    allow_inconclusive: bool,  # noqa: FBT001
    output_format: str,
) -> int:
    """Say which AUC, accuracy, precision, recall and F1 (or MAE and RMSE) are expected of current rows.

    Exit code 0: they are expected and miss no declared level. 1: a level is expected to be missed, or labels that
    came contradict what was expected. 2: the input is wrong. 3: it cannot be told: the reference is too small or not
    calibrated, or the rows are where the reference has hardly any.
    """
    from syndic.quality.examine_unlabelled import Roles, expect_file
    from syndic.quality.policy.file import read_policy
    from syndic.quality.policy.model import QualityPolicy
    from syndic.windows import read_table

    policy = QualityPolicy() if policy_path is None else read_policy(bytes_of(policy_path), where=str(policy_path))
    only = None if score is None else {label, prediction, score}
    answers = [name for name in (prediction, score) if name is not None]
    sides = [read_table(path, only=only, decimal=decimal_mark, answers=answers) for path in (reference, current)]
    found = expect_file(sides[0], sides[1], Roles(label, prediction, score, positive, ignore), policy)
    if output_format != "table":
        click.echo(written(output_format, found))
    else:
        for line in _lines(found):
            click.echo(line)
    return code_of("performance", [found.verdict.value], allow_inconclusive=allow_inconclusive)


def _lines(found: ExpectedPerformance) -> Iterator[str]:
    yield headline("performance", found.verdict.value, found.reason)
    yield f"{found.rows} rows; a reference of {found.reference_rows} rows with labels in {found.reference_parts} parts"
    yield from until_told(found.rows_needed, found.rows_reason)
    if found.metrics:
        yield ""
        rows = [
            [
                metric.value,
                "-" if one.value is None else f"{one.value:.4g}",
                "-" if one.low is None or one.high is None else f"{one.low:.4g} to {one.high:.4g}",
                "-" if one.level is None else f"{one.level:g}",
                "-" if metric not in found.realised else f"{found.realised[metric]:.4g}",
            ]
            for metric, one in found.metrics.items()
        ]
        yield table(["metric", "expected", "labels will show", "level", "labels show"], rows, right="lrrrr")
    if found.calibration_p is not None:
        off = f"{found.calibration_error:.2%} off on average"
        yield f"Calibration on every other part: {off}, p = {found.calibration_p:.2g}."
    if found.outside is not None:
        yield f"Where the reference has hardly any rows: {found.outside:.2%} of these."
