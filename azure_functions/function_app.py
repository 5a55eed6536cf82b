"""Where Azure Functions looks for the app: one blueprint per concern.

In the deployed package this file and `host.json` lie at the root, beside the package `azure_functions`.
"""

from __future__ import annotations

import azure.functions as func

from azure_functions import alerting, bias, compliance, counter, discovery, drift, gateway, quality, registries

app = func.FunctionApp()
for concern in (discovery, registries, counter, drift, quality, bias, compliance, alerting, gateway):
    app.register_functions(concern.blueprint)
