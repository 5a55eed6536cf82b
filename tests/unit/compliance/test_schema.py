"""The published JSON Schema is the one the models make, and every shipped framework satisfies it."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest
import yaml

from syndic.compliance.definitions.load import framework_schema

FOLDER = resources.files("syndic.compliance").joinpath("frameworks")
FILES = sorted(file.name for file in FOLDER.iterdir() if file.name.endswith(".yaml"))


def published():
    return json.loads(FOLDER.joinpath("framework.schema.json").read_text("utf-8"))


def test_the_published_schema_is_current():
    assert published() == framework_schema()


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_file_satisfies_the_published_schema(name):
    # dates are text in JSON; everything else is taken as it is
    data = json.loads(json.dumps(yaml.safe_load(FOLDER.joinpath(name).read_text("utf-8")), default=str))
    jsonschema.validate(data, published(), cls=jsonschema.Draft202012Validator)


def test_the_schema_refuses_an_unknown_field():
    data = json.loads(json.dumps(yaml.safe_load(FOLDER.joinpath("template.yaml").read_text("utf-8")), default=str))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "scoring": 1}, published(), cls=jsonschema.Draft202012Validator)
