"""The capture formats. A new one is a folder, a member of `CaptureFormat` and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from syndic.models import CaptureFormat
from syndic.windows.formats.azure_collector.format import AzureCollector
from syndic.windows.formats.protocol import Format
from syndic.windows.formats.sagemaker.format import SageMaker
from syndic.windows.formats.sagemaker.transform import TransformFiles

FORMATS: Final[Mapping[CaptureFormat, Format]] = {
    CaptureFormat.SAGEMAKER: SageMaker(),
    CaptureFormat.AZURE_COLLECTOR: AzureCollector(),
    CaptureFormat.SAGEMAKER_BATCH: TransformFiles(),
}
