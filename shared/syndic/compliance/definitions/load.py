"""Frameworks from YAML: read, checked and compiled, with the file, the line and the field of every problem."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml
from pydantic import ValidationError

from syndic import spelling
from syndic.compliance.definitions.citations import source_of, unresolved
from syndic.compliance.definitions.yaml_lines import Located, Path, read_yaml
from syndic.compliance.models import Framework, Need, Requirement
from syndic.errors import InvalidInputError
from syndic.expressions.evaluate import Expression, compile_expression

MISSING: Final = "is missing"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, and fifteen times as fast where it is built


@dataclass(frozen=True, slots=True)
class Compiled:
    """A framework ready to be evaluated. `expressions` are by (requirement id, place in it)."""

    framework: Framework
    text: str
    sha256: str
    expressions: dict[tuple[str, str], Expression]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a framework file."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.message}"


MOST_DETAILS: Final = 20


class FrameworkRefusedError(InvalidInputError):
    """A framework file is wrong. The message tells the first of `problems`, and how many more there are."""

    code = "framework_refused"

    def __init__(self, problems: tuple[Problem, ...], *, where: str) -> None:
        self.problems = problems
        first, more = problems[0], len(problems) - 1
        rest = f" ({more} more)" if more else ""
        super().__init__(f"{first.field}: {first.message}{rest}", where=where, line=first.line)

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """The first problems, each with its line and field."""
        return tuple((f"line {one.line}, {one.field}", one.message) for one in self.problems[:MOST_DETAILS])


def load_framework(text: str | bytes, *, where: str, citations: bool = True) -> Compiled:
    """Read and compile a framework. Raises `FrameworkRefusedError` with every problem."""
    compiled, problems = examine(text, where=where, citations=citations)
    if compiled is None:
        raise FrameworkRefusedError(problems, where=where)
    return compiled


def examine(text: str | bytes, *, where: str, citations: bool = True) -> tuple[Compiled | None, tuple[Problem, ...]]:
    """Read a framework and list everything that is wrong with it, by line. Text that is not YAML still raises.

    With `citations`, each legal basis has to exist in its source, where the divisions of that source are known.
    """
    located = read_yaml(text, where=where)
    if not isinstance(located.data, dict):
        return None, (Problem(1, "file", "must be a map of fields: id, version, title, requirements, ..."),)
    try:
        framework = Framework.model_validate(located.data)
    except ValidationError as error:
        return None, _in_order(_problem(item, located) for item in _telling(error))
    expressions: dict[tuple[str, str], Expression] = {}
    problems: list[Problem] = []
    for place, path, needs, expression in scope_conditions(framework):
        try:
            expressions["", place] = _compile(expression, tuple(need.kind for need in needs))
            _asked(expressions["", place], framework)
        except InvalidInputError as error:
            problems.append(Problem(located.line(path), _field(path), str(error)))
    for index, requirement in enumerate(framework.requirements):
        for place, path, needs, expression in conditions(requirement):
            full: Path = ("requirements", index, *path)
            try:
                expressions[requirement.id, place] = _compile(expression, tuple(need.kind for need in needs))
                _asked(expressions[requirement.id, place], framework)
            except InvalidInputError as error:
                problems.append(Problem(located.line(full), _field(full), str(error)))
        if citations:
            basis: Path = ("requirements", index, "legal_basis")
            wrong = _wrongly_cited(requirement.legal_basis, framework)
            problems += [Problem(located.line(basis), _field(basis), text) for text in wrong]
    if problems:
        return None, _in_order(iter(problems))
    raw = text if isinstance(text, bytes) else text.encode()
    return Compiled(framework, raw.decode(), hashlib.sha256(raw).hexdigest(), expressions), ()


def _wrongly_cited(legal_basis: str, framework: Framework) -> list[str]:
    home = source_of(legal_basis) or source_of(framework.source)
    return [] if home is None else [f"cites what is not there: {wrong}" for wrong in unresolved(legal_basis, home=home)]


def conditions(requirement: Requirement) -> Iterator[tuple[str, Path, Sequence[Need], str]]:
    """Every condition of a requirement: its place, its path in the file, what it needs, its text."""
    if requirement.applies:
        yield "applies", ("applies", "when"), requirement.applies.needs, requirement.applies.when
    for index, later in enumerate(requirement.dates):
        yield f"dates.{index}", ("dates", index, "when"), later.needs, later.when
    for index, check in enumerate(requirement.checks):
        yield f"checks.{index}", ("checks", index, "met_when"), check.needs, check.met_when


def scope_conditions(framework: Framework) -> Iterator[tuple[str, Path, Sequence[Need], str]]:
    """The conditions on whether a framework is about a model: place, path in the file, what each needs, its text."""
    if framework.scope:
        yield "scope", ("scope", "when"), framework.scope.needs, framework.scope.when
    for index, one in enumerate(framework.contradictions):
        yield f"contradictions.{index}", ("contradictions", index, "when"), one.needs, one.when


def _asked(expression: Expression, framework: Framework) -> None:
    """Raise `InvalidInputError` when a condition reads an answer of the framework's own that nobody is asked for."""
    own = f"{framework.questionnaire}." if framework.questionnaire else None
    for path in sorted(expression.paths):
        if own and path.startswith(own) and (fact := path.removeprefix(own)) not in framework.questions:
            raise InvalidInputError(f"reads {path}, but questions has no {fact}")


@lru_cache(maxsize=2048)
def _compile(text: str, kinds: tuple[str, ...]) -> Expression:
    names = frozenset({"evidence", *(kind.split(".")[0] for kind in kinds)})
    expression = compile_expression(text, names=names)
    allowed = tuple(prefix for kind in kinds for prefix in (kind, f"evidence.{kind}"))
    for path in sorted(expression.paths):
        if not any(path == prefix or path.startswith(f"{prefix}.") for prefix in allowed):
            raise InvalidInputError(f"reads {path}, but needs lists only {', '.join(kinds)}")
    unread = [
        kind
        for kind in kinds
        if not any(f"{path}.".startswith((f"{kind}.", f"evidence.{kind}.")) for path in expression.paths)
    ]
    if unread:
        raise InvalidInputError(f"does not read {', '.join(unread)}, which needs lists")
    return expression


def _telling(error: ValidationError) -> list[Any]:
    """The errors that say something: not that a list is too short because its elements are wrong."""
    found: list[Any] = list(error.errors())
    inner = {item["loc"][:depth] for item in found for depth in range(len(item["loc"]))}
    return [item for item in found if item["type"] != "too_short" or item["loc"] not in inner]


def _field(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".") or "file"


def _in_order(problems: Iterator[Problem]) -> tuple[Problem, ...]:
    # a field that is missing is often one that is misspelt: the misspelling is told first
    return tuple(sorted(problems, key=lambda it: (it.message == MISSING, it.line, it.field)))


def _problem(error: Any, located: Located) -> Problem:
    path: Path = tuple(error["loc"])
    message = spelling.message(error, Framework, what="field")
    if error["type"] == "missing":
        message = MISSING
    elif error["type"] == "string_pattern_mismatch":
        message = f"{error['input']!r} must look like {error['ctx']['pattern']}"
    return Problem(located.line(path), _field(path), message)


@lru_cache(maxsize=64)
def load_cached(text: str, where: str) -> Compiled:
    """`load_framework`, compiled once for the same text in a running function. Its citations were checked before."""
    return load_framework(text, where=where, citations=False)


def _shipped(text: str) -> Compiled:
    """A framework that comes with Syndic. Its problems are the tests' to find: no line is kept for telling them."""
    framework = Framework.model_validate(yaml.load(text, Loader=_LOADER))  # noqa: S506  # a safe one either way
    expressions = {
        (name, place): _compile(expression, tuple(need.kind for need in needs))
        for name, found in [
            ("", scope_conditions(framework)),
            *((it.id, conditions(it)) for it in framework.requirements),
        ]
        for place, _, needs, expression in found
    }
    return Compiled(framework, text, hashlib.sha256(text.encode()).hexdigest(), expressions)


@lru_cache(maxsize=1)
def built_in() -> dict[str, Compiled]:
    """The frameworks that come with Syndic, by id."""
    found: dict[str, Compiled] = {}
    for file in sorted(resources.files("syndic.compliance").joinpath("frameworks").iterdir(), key=lambda it: it.name):
        if file.name.endswith(".yaml") and not file.name.startswith("template"):
            compiled = _shipped(file.read_text("utf-8"))
            found[compiled.framework.id] = compiled
    return found


def framework_schema() -> dict[str, Any]:
    """The JSON Schema of a framework file, as published in ``frameworks/framework.schema.json``."""
    schema = Framework.model_json_schema(mode="validation")
    # a need may be written as the bare evidence kind
    kind = schema["$defs"]["Need"]["properties"]["kind"]
    schema["$defs"]["Need"] = {"anyOf": [schema["$defs"]["Need"], {key: kind[key] for key in kind if key != "title"}]}
    # so may the one kind that a signature confirms
    confirms = schema["$defs"]["AttestationNeed"]["properties"]["confirms"]
    alone = {"anyOf": [{key: confirms[key] for key in ("items", "maxItems", "type")}, confirms["items"]]}
    schema["$defs"]["AttestationNeed"]["properties"]["confirms"] = alone | {
        key: confirms[key] for key in ("default", "description", "title")
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Syndic compliance framework",
        **{key: value for key, value in schema.items() if key != "title"},
    }
