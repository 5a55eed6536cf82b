"""What docs/sdk.md and the first descriptions say of the client runs as it stands, against the real handler."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

import syndic_client
from syndic.records import list_models
from syndic.reports.models import ReportFormat
from tests.edges.api.founding import SDK
from tests.edges.calling import Gateway
from tests.edges.world import MODEL, World

ROOT = Path(__file__).parents[3]
SNIPPETS = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def connect(gateway: Gateway, module: Any, monkeypatch: pytest.MonkeyPatch, person: str = "admin") -> None:
    """Whoever makes a client of that module talks to the handler as that person."""

    def as_person(request: httpx.Request) -> httpx.Response:
        if "authorization" in request.headers:
            request.headers["authorization"] = f"Bearer {person}"
        return gateway(request)

    for name in ("GovernanceClient", "AsyncGovernanceClient"):
        options = {"transport": httpx.MockTransport(as_person)}
        monkeypatch.setattr(module, name, functools.partial(getattr(syndic_client, name), **options), raising=False)


@pytest.mark.parametrize("page", ["docs/sdk.md", "client/README.md", "README.md"])
def test_every_snippet_runs(
    page: str, wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = wire("checked")
    gateway = Gateway(sent=world.captures.add)
    connect(gateway, syndic_client, monkeypatch)
    told: dict[str, Any] = {"__name__": "snippets", "trained": object()}
    snippets = SNIPPETS.findall((ROOT / page).read_text("utf-8"))
    for snippet in snippets:
        exec(compile(snippet, page, "exec", dont_inherit=True), told)  # noqa: S102
    said = capsys.readouterr().out

    assert snippets
    assert ("credit drift" in said) is (page != "README.md")
    if page == "docs/sdk.md":
        assert "scikit-learn" in said
        assert "True" in said
        assert "dataset_fingerprint" in said, "the refusal lists the conditions"
        assert {one.name for one in list_models(world.store)} == {"credit", "Credit scoring", "Pricing"}


def test_the_first_description_of_the_client_runs(
    wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    wire("checked")
    gateway = Gateway()
    module = ModuleType("ai_governance_sdk")
    connect(gateway, module, monkeypatch)
    monkeypatch.setitem(sys.modules, "ai_governance_sdk", module)
    told: dict[str, Any] = {}
    exec(compile(SDK.replace("model-id", MODEL), "sdk", "exec"), told)  # noqa: S102

    assert [model.id for model in told["models"]] == [MODEL]
    assert told["model"].name == "credit"
    assert told["drift_metrics"].verdict == "drift"
    assert told["bias_metrics"].reports[0].model_id == MODEL
    assert told["report"].request.format == ReportFormat.PDF
    assert told["report"].request.frameworks == ("eu_ai_act",)
    assert all(request.url.path.startswith("/api/v1/") for request in gateway.seen)
