"""What others wrote wrongly is told to people in words, never as a bare name in quotes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from syndic.adapters.mlflow.folder import MlflowFolder
from syndic.errors import NotFoundError, in_words
from syndic.registry.sync.importer import Unsound

_BARE = re.compile(r"""^(\w*Error:? ?)?(['"]).*\2$""")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("creation_timestamp"), "the field 'creation_timestamp' is missing"),
        (KeyError(), "a field is missing"),
        (ValueError("meta.yaml is broken"), "meta.yaml is broken"),
        (ValueError(), "it has another shape than expected (ValueError)"),
        (
            TypeError("'int' object is not iterable"),
            "it has another shape than expected ('int' object is not iterable)",
        ),
        (FileNotFoundError(2, "No such file or directory", "x"), "No such file or directory"),
        (NotFoundError("no model has the id 'x'"), "no model has the id 'x'"),
    ],
)
def test_an_error_is_a_sentence(error: Exception, said: str) -> None:
    assert in_words(error) == said
    assert not _BARE.match(said)


@pytest.mark.parametrize("gone", ["name", "version", "creation_timestamp"])
def test_a_version_without_a_field_names_it(gone: str, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "credit" / "version-1"
    folder.mkdir(parents=True)
    (folder.parent / "meta.yaml").write_text("name: credit\n", encoding="utf-8")
    fields = {"name": "credit", "version": "1", "creation_timestamp": "1795235057049"}
    (folder / "meta.yaml").write_text("".join(f"{k}: {v}\n" for k, v in fields.items() if k != gone), encoding="utf-8")
    reasons = [found.reason for found in MlflowFolder(tmp_path).versions() if isinstance(found, Unsound)]
    assert all(not _BARE.match(reason) for reason in reasons)
    if gone == "creation_timestamp":
        assert reasons == ["the field 'creation_timestamp' is missing"]
