"""The templates that come with Syndic, each a file beside this module."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources

from syndic.errors import NotFoundError
from syndic.registers.policies.models import PolicyTemplate
from syndic.yaml_file import load_yaml


@lru_cache(maxsize=1)
def templates() -> dict[str, PolicyTemplate]:
    """All templates by id."""
    found: dict[str, PolicyTemplate] = {}
    folder = resources.files("syndic.registers.policies").joinpath("templates")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".md"):
            _, head, text = file.read_text("utf-8").split("---\n", 2)
            about = load_yaml(head, where=file.name, as_written=("edition",))
            text = f"# {about['title']}\n{text}"
            digest = hashlib.sha256(text.encode()).hexdigest()
            name = file.name.removesuffix(".md")
            found[name] = PolicyTemplate.model_validate({"id": name, "sha256": digest, "text": text, **about})
    return found


def template(name: str) -> PolicyTemplate:
    """A template. Raises `NotFoundError`."""
    found = templates().get(name)
    if found is None:
        raise NotFoundError(f"there is no policy template {name!r}; there are {', '.join(templates())}")
    return found
