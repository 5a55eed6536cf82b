"""Erasure of captured rows: a function of its own, which plans with reading rights alone.

What it may change is nothing, unless the deployer says so (`erase_captures`): then it alone may write and delete in the
buckets of captures.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.constructs.function import Function, Shape
from cdk.constructs.functions import STATS, Functions
from cdk.constructs.members import allow_members
from cdk.constructs.messaging import Messaging
from cdk.constructs.rights import allow_captures
from cdk.constructs.storage import Storage
from cdk.nag import acknowledge_wildcard, arn_in_findings
from cdk.options import Options
from syndic.settings import variable

ERASURE = Shape("functions.erasure.handler.handler", "Plan and do erasures of captured rows", 1769, 300, 2, STATS)


class Erasure(Construct):
    """The function, its queue, and what it may do."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        storage: Storage,
        messaging: Messaging,
        functions: Functions,
        alarms: sns.ITopic,
        options: Options,
    ) -> None:
        super().__init__(scope, name)
        function = functions.add("Erasure", ERASURE, alarms=alarms)
        allow_captures(function, storage, options)
        if options.members:
            allow_members(function, options.members, lists=False)
        queue = messaging.queue("Erasure", "ErasureStepRequested", timeout=cdk.Duration.seconds(ERASURE.timeout))
        function.consume(queue, alarms=alarms)
        if options.erase_captures:
            _allow_erasing(function, storage, options)
            for one in (function, functions.of["Api"]):
                one.function.add_environment(variable("erase_captures"), "true")


def _allow_erasing(function: Function, storage: Storage, options: Options) -> None:
    """Write and delete captured objects, of the buckets named when deploying and of what was sent to the API."""
    buckets = [f"arn:{cdk.Aws.PARTITION}:s3:::{bucket}/*" for bucket in options.capture_buckets]
    own = storage.captures.arn_for_objects("captures/*")
    function.allow(("s3:PutObject", "s3:DeleteObject"), [*buckets, own])
    if options.capture_keys:
        function.allow(("kms:GenerateDataKey",), options.capture_keys)
    acknowledge_wildcard(
        function,
        f"Resource::{arn_in_findings(storage.captures)}/captures/*",
        "captured rows are erased where they lie; the deployer turned it on, and every erasure is planned and shown",
    )
