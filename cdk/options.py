"""What the deployer chooses, read from CDK context once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import aws_cdk as cdk

from cdk.azure.choices import Azure, read_azure
from cdk.azure.names import names_of

ROOT = Path(__file__).resolve().parent.parent
EMULATOR = "devstoreaccount1"
Target = Literal["release", "local"]


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of one deployment."""

    target: Target
    capture_buckets: tuple[str, ...]
    mail_from: str | None
    mail_fallback: str | None
    dashboard_url: str | None
    azure: Azure | None = None
    azure_emulator: str | None = None  # connection string of the emulator that stands for the Azure half

    @property
    def results_account(self) -> str | None:
        """The storage account of Azure's results; None without an Azure half."""
        if self.azure is not None:
            return names_of(self.azure).results
        return EMULATOR if self.azure_emulator else None

    def built(self, name: str) -> str:
        """A folder that layers/build.py made. Absolute, because jsii keeps the directory it was started in."""
        folder = ROOT / "build" / "layers" / self.target / name
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder} is not built: run `python layers/build.py --target {self.target}` first")
        return str(folder)

    def azure_package(self) -> str:
        """The code of the Azure function app, as layers/azure.py packed it."""
        archive = ROOT / "build" / "azure" / "package" / "functions.zip"
        if not archive.is_file():
            raise FileNotFoundError(f"{archive} is not built: run `python -m layers.azure` first")
        return str(archive)

    def azure_template(self, name: str, text: str) -> str:
        """Write a template to where `az` can be given it; the deployment takes the same file."""
        path = ROOT / "build" / "azure" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return str(path)


def read_options(app: cdk.App) -> Options:
    """The options from context; an unknown target is refused."""
    target = app.node.try_get_context("target") or "release"
    if target not in get_args(Target):
        raise ValueError(f"context target: expected release or local, not {target!r}")
    buckets = app.node.try_get_context("capture_buckets") or "sagemaker-*"
    choices, emulator = app.node.try_get_context("azure"), app.node.try_get_context("azure_emulator")
    if emulator and target != "local":
        raise ValueError("context azure_emulator: a deployment to AWS keeps no connection string; give azure instead")
    return Options(
        target=cast("Target", target),
        capture_buckets=tuple(part.strip() for part in str(buckets).split(",") if part.strip()),
        mail_from=app.node.try_get_context("mail_from"),
        mail_fallback=app.node.try_get_context("mail_fallback"),
        dashboard_url=app.node.try_get_context("dashboard_url"),
        azure=read_azure(ROOT / str(choices)) if choices else None,
        azure_emulator=emulator,
    )
