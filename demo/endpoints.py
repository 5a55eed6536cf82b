"""SageMaker's part of the demonstration: endpoints that exist in the account and capture their traffic to S3.

The SageMaker emulator answers control calls but captures nothing, so the traffic is written here in the format and
layout that SageMaker writes: one object per hour, one JSON line per invocation.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from demo.cloud import ACCOUNT, LocalCloud
from demo.deploy import CAPTURES
from demo.scenario import OWNER, Row, Scenario

VARIANT = "AllTraffic"
LABEL_DELAY = timedelta(days=3)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/demo"


def create_endpoint(cloud: LocalCloud, scenario: Scenario) -> None:
    """Create model, configuration and endpoint, unless they are there."""
    sagemaker, name = cloud.client("sagemaker"), scenario.endpoint
    tags = {
        "syndic:owner": OWNER,
        "syndic:window": "month",
        "syndic:labels": f"s3://{CAPTURES}/labels/{name}",
    }
    try:
        sagemaker.create_model(
            ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "example/scikit-learn:1.7"}
        )
    except ClientError as error:
        if "already" not in str(error):
            raise
        return
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[
            {"VariantName": VARIANT, "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
        ],
        DataCaptureConfig={
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": f"s3://{CAPTURES}/capture",
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
        },
    )
    sagemaker.create_endpoint(
        EndpointName=name,
        EndpointConfigName=name,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def replay(cloud: LocalCloud, scenario: Scenario) -> int:
    """Write the traffic and its delayed ground truth; returns how many objects are new."""
    present = _present(cloud, scenario)
    new = {key: body for key, body in written(scenario).items() if key not in present}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda item: cloud.s3.put_object(Bucket=CAPTURES, Key=item[0], Body=item[1]), new.items()))
    return len(new)


def upload(cloud: LocalCloud, scenario: Scenario) -> str:
    """Keep the baseline beside the captured traffic; returns its address."""
    key = f"baselines/{scenario.endpoint}.csv"
    cloud.s3.put_object(Bucket=CAPTURES, Key=key, Body=scenario.baseline.to_csv(index=False).encode())
    return f"s3://{CAPTURES}/{key}"


def written(scenario: Scenario) -> dict[str, bytes]:
    """What the endpoint and its ground truth write in all: key in the bucket -> object."""
    return {**_captures(scenario), **_labels(scenario)}


def _present(cloud: LocalCloud, scenario: Scenario) -> set[str]:
    pages = cloud.s3.get_paginator("list_objects_v2")
    return {
        item["Key"]
        for prefix in (f"capture/{scenario.endpoint}/", f"labels/{scenario.endpoint}/")
        for page in pages.paginate(Bucket=CAPTURES, Prefix=prefix)
        for item in page.get("Contents", [])
    }


def _captures(scenario: Scenario) -> dict[str, bytes]:
    hours: dict[str, list[Row]] = defaultdict(list)
    for row in scenario.rows:
        hours[f"{row.at:%Y/%m/%d/%H}"].append(row)
    base = f"capture/{scenario.endpoint}/{VARIANT}"
    return {
        f"{base}/{hour}/00-00-000-{scenario.endpoint}.jsonl": _lines(map(_record, rows)) for hour, rows in hours.items()
    }


def _labels(scenario: Scenario) -> dict[str, bytes]:
    days: dict[str, list[Row]] = defaultdict(list)
    for row in scenario.rows:
        days[f"{row.at + LABEL_DELAY:%Y/%m/%d}/00"].append(row)
    base = f"labels/{scenario.endpoint}"
    return {f"{base}/{day}/labels.jsonl": _lines(map(_label, rows)) for day, rows in days.items()}


def _record(row: Row) -> dict[str, Any]:
    def side(mode: str, values: Iterable[Any]) -> dict[str, str]:
        return {"observedContentType": "text/csv", "mode": mode, "data": _csv(values), "encoding": "CSV"}

    return {
        "captureData": {"endpointInput": side("INPUT", row.inputs), "endpointOutput": side("OUTPUT", row.outputs)},
        "eventMetadata": {"eventId": f"event-{row.row_id}", "inferenceId": row.row_id, "inferenceTime": _time(row.at)},
        "eventVersion": "0",
    }


def _label(row: Row) -> dict[str, Any]:
    return {
        "groundTruthData": {"data": str(row.label), "encoding": "CSV"},
        "eventMetadata": {"eventId": row.row_id},
        "eventVersion": "0",
    }


def _csv(values: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _lines(records: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
