"""What of the client is made from something else, so that nothing is written twice.

    python -m client.generate

`schemas.py` is made from ``docs/openapi.json``; the folder ``_sync`` from ``_async``, word by word.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from keyword import iskeyword
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "client" / "src" / "syndic_client"

WORDS: Final = (
    (r"\basync (def|for|with)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\basyncio\b", "time"),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\b_async\b", "_sync"),
    (r"\baclose\b", "close"),
    (r"\b__a(enter|exit|iter)__\b", r"__\1__"),
    (r"\bwithout blocking\b", "blocking"),
)
HEAD: Final = (
    '"""{what}. Made from its description by client/generate.py."""\n\n'
    "from __future__ import annotations\n\n{imports}\n\n"
)
FORMATS: Final = {"date-time": "dt.datetime", "date": "dt.date", "duration": "dt.timedelta"}
SCALARS: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def generated() -> dict[Path, str]:
    """Each file that is made, with what it must hold."""
    description = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    files = {PACKAGE / "schemas.py": schemas(description), PACKAGE / "bodies.py": bodies(description)}
    for source in sorted((PACKAGE / "_async").glob("*.py")):
        files[PACKAGE / "_sync" / source.name] = sync_of(source.read_text("utf-8"))
    return {path: _formatted(text, path) for path, text in files.items()}


def sync_of(text: str) -> str:
    """The blocking twin of a module."""
    for pattern, word in WORDS:
        text = re.sub(pattern, word, text)
    return f"# Made from ../_async by client/generate.py: change it there.\n{text}"


def schemas(description: Mapping[str, Any]) -> str:
    """A class for each schema of what is answered, and for each that is sent as it was answered."""
    found: dict[str, dict[str, Any]] = description["components"]["schemas"]
    kept = {name: found[name] for name in sorted(found.keys() - _only_sent(description))}
    words = [name for name in kept if kept[name].get("type") == "string"]
    names = [*words, *(name for name in kept if name not in words)]
    imports = (
        "import datetime as dt\nfrom typing import Any, TypeAlias\n\nimport msgspec\n\n"
        "from syndic_client.records import Record, Word"
    )
    text = "\n\n".join("\n".join(_definition(name, kept[name], found)) for name in names)
    return HEAD.format(what="What the API answers", imports=imports) + text


def bodies(description: Mapping[str, Any]) -> str:
    """The keywords of each request: what is left out is not sent."""
    found: dict[str, dict[str, Any]] = description["components"]["schemas"]
    sent = sorted(_only_sent(description))
    text = "\n\n".join("\n".join(_keywords(name, found[name], found)) for name in sent)
    known = sorted(name for name in found.keys() - set(sent) if re.search(rf"\b{name}\b", text))
    wide = "Any, " if re.search(r"\bAny\b", text) else ""
    imports = (
        "import datetime as dt\nfrom collections.abc import Mapping, Sequence\n"
        f"from typing import {wide}Required, TypedDict\n\n"
        f"from syndic_client.schemas import {', '.join(known)}"
    )
    return HEAD.format(what="What is sent to the API, as keywords", imports=imports) + text


def _only_sent(description: Mapping[str, Any]) -> set[str]:
    """Schemas of objects that are in requests and in no answer."""
    answers: list[Any] = []
    for operations in description["paths"].values():
        answers += [one["responses"] for one in operations.values() if "responses" in one]
    found = description["components"]["schemas"]
    answered, waiting = set[str](), _names(answers)
    while waiting:
        name = waiting.pop()
        answered.add(name)
        waiting |= _names(found[name]) - answered
    return {name for name in found.keys() - answered if found[name].get("type") == "object"}


def _names(value: Any) -> set[str]:
    return set(re.findall(r"#/components/schemas/(\w+)", json.dumps(value)))


def _keywords(name: str, schema: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    yield f"class {name}(TypedDict, total=False):"
    yield f'    """{_sentence(schema, name)}"""\n'
    for field, kind in schema["properties"].items():
        allowed = _type(kind)
        for word in re.findall(r"\w+", allowed):
            if found.get(word, {}).get("type") == "string":
                allowed = re.sub(rf"\b{word}\b", f"{word} | str", allowed)
        allowed = re.sub(r"tuple\[(.*), \.\.\.\]", r"Sequence[\1]", allowed).replace("dict[", "Mapping[")
        allowed = allowed.replace("JsonValue", "object").replace("dt.date |", "dt.date | str |")
        yield f"    {field}: {f'Required[{allowed}]' if field in schema.get('required', ()) else allowed}"
        if kind.get("description"):
            yield f'    """{_sentence(kind, field)}"""'


def _definition(name: str, schema: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    if schema.get("type") == "string":
        yield f"class {name}(Word):"
        yield f'    """{_sentence(schema, name)}"""\n'
        for word in schema["enum"]:
            yield f"    {re.sub(r'[^0-9A-Za-z]+', '_', word).upper()} = {word!r}"
    elif "properties" not in schema:
        yield f"{name}: TypeAlias = Any\n" + f'"""{_sentence(schema, name)}"""'
    else:
        yield f"class {name}(Record, frozen=True, kw_only=True):"
        yield f'    """{_sentence(schema, name)}"""\n'
        required = schema.get("required", ())
        for field, kind in schema["properties"].items():
            default = "" if field in required else f" = {_default(kind, found)}"
            if iskeyword(field):  # Python has the word for itself
                field, default = f"{field}_", f" = msgspec.field(name={field!r}, default={default[3:]})"  # noqa: PLW2901
            yield f"    {field}: {_type(kind)}{default}"
            if kind.get("description"):
                yield f'    """{_sentence(kind, field)}"""'


def _sentence(schema: Mapping[str, Any], name: str) -> str:
    text = " ".join(str(schema.get("description") or schema.get("title") or name).split()).replace("\\", "\\\\")
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", ":")) else ".")


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    kind = schema.get("type")
    if kind == "array":
        return f"tuple[{_type(schema['items'])}, ...]" if "items" in schema else "tuple[Any, ...]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {_type(values) if isinstance(values, dict) else 'Any'}]"
    return FORMATS.get(str(schema.get("format")), SCALARS.get(str(kind), "Any"))


def _default(schema: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    kind = _type(schema)
    if "default" not in schema:
        return "msgspec.field(default_factory=dict)" if kind.startswith("dict[") else "None"
    value = schema["default"]
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    if isinstance(value, str):
        if kind in found:
            return f"{kind}({value!r})"
        return repr(value) if kind in {"str", "str | None"} else f"msgspec.convert({value!r}, {kind})"
    if value == []:
        return "()"
    return f"msgspec.field(default_factory=lambda: msgspec.convert({value!r}, {kind}))"


def _formatted(text: str, path: Path) -> str:
    for command in (["check", "-q", "--fix-only", "--select", "I,F401"], ["format", "-q"]):
        whole = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(path), "-"]
        text = subprocess.run(whole, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return text


def main() -> None:
    """Write every file that is made."""
    for path, text in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
