"""Conditions written as data, in a bounded part of the Common Expression Language (CEL).

The grammar is cel-python's. What an accepted expression means is what the CEL specification says, with one addition:
whole numbers and fractions mix freely, because JSON does not tell them apart. Left out, and refused when the
expression is compiled: ``matches`` (unbounded), ``map`` and ``filter``, macros inside macros, division, message
types, bytes, ``dyn``.

An expression reads nothing but the facts it is given, has no way to loop, open a file or call out, and its cost is
bounded: by its size when compiled and by `STEPS` when answered. A missing fact is not false: it is `NoAnswerError`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from syndic.errors import InvalidInputError, NoAnswerError
from syndic.expressions import tree, values

MAX_CHARACTERS: Final = 2000
MAX_DEPTH: Final = 24
MAX_TERMS: Final = 200
STEPS: Final = 10_000
"""Terms looked at while one expression is answered; only macros over long lists can come near."""

Facts = Mapping[str, Any]
_Step = Callable[["_Scope"], Any]


@dataclass(slots=True)
class _Scope:
    facts: Facts
    local: dict[str, Any]
    steps: int = 0

    def spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > STEPS:
            raise NoAnswerError(f"the expression needs more than {STEPS} steps for these facts")


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. `paths` are the facts it reads, such as ``drift.run.verdict``."""

    text: str
    paths: frozenset[str]
    _answer: _Step

    def value(self, facts: Facts) -> Any:
        """The value for these facts. Raises `NoAnswerError`."""
        return self._answer(_Scope(facts, {}))

    def holds(self, facts: Facts) -> bool:
        """Whether the condition holds. Raises `NoAnswerError` when it cannot be told."""
        value = self.value(facts)
        if not isinstance(value, bool):
            raise NoAnswerError(f"the expression gives {values.kind(value)}, not true or false")
        return value


def compile_expression(text: str, *, names: frozenset[str], where: str = "expression") -> Expression:
    """Compile an expression that may read the facts called `names`.

    Raises `InvalidInputError` with line and column inside the expression.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidInputError(f"is longer than {MAX_CHARACTERS} characters", where=where)
    # lark does not recurse, the walk below does: brackets bound its depth before anything is walked
    if tree.bracket_depth(text) > MAX_DEPTH:
        raise InvalidInputError(f"is nested deeper than {MAX_DEPTH} levels", where=where)
    root = tree.parse(text, where)
    compiler = _Compiler(names, where)
    answer = compiler.step(root)
    if not compiler.paths:
        raise InvalidInputError("reads no fact, so its answer would always be the same", where=where)
    return Expression(text, frozenset(compiler.paths), answer)


_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_MACROS: Final = frozenset({"exists", "all", "exists_one"})
_METHODS: Final = {"startsWith": str.startswith, "endsWith": str.endswith, "contains": str.__contains__}


class _Compiler:
    def __init__(self, names: frozenset[str], where: str) -> None:
        self.names, self.where = names, where
        self.paths: set[str] = set()
        self.locals: list[str] = []
        self.terms = 0
        self.chain = 0

    def refuse(self, message: str, node: Any = None) -> InvalidInputError:
        meta = getattr(node, "meta", None)
        if meta is None or meta.empty:
            return InvalidInputError(message, where=self.where)
        return InvalidInputError(message, where=self.where, line=meta.line, column=meta.column)

    def step(self, node: Any) -> _Step:
        node = tree.unwrapped(node)
        self.terms += 1
        self.chain += 1
        if self.terms > MAX_TERMS or self.chain > 2 * MAX_DEPTH:
            raise self.refuse(f"has more than {MAX_TERMS} terms or {2 * MAX_DEPTH} in one chain", node)
        make = getattr(self, f"_{node.data}", None)
        if make is None:
            raise self.refuse(f"uses {node.data.replace('_', ' ')}, which is not supported", node)
        step: _Step = make(node)
        self.chain -= 1
        return step

    # --- operators ---

    def _expr(self, node: Any) -> _Step:
        condition, then, other = (self.step(child) for child in node.children)

        def choose(scope: _Scope) -> Any:
            answer = condition(scope)
            if not isinstance(answer, bool):
                raise NoAnswerError(f"the condition before ? gives {values.kind(answer)}, not true or false")
            return then(scope) if answer else other(scope)

        return choose

    def _conditionalor(self, node: Any) -> _Step:
        return _logic(*(self.step(child) for child in node.children), decisive=True)

    def _conditionaland(self, node: Any) -> _Step:
        return _logic(*(self.step(child) for child in node.children), decisive=False)

    def _binary(self, node: Any) -> _Step:
        operator, right_node = node.children
        left, right = self.step(operator.children[0]), self.step(right_node)
        apply = values.OPERATORS.get(operator.data)
        if apply is None:
            raise self.refuse("divides; multiply the other side instead", node)
        return lambda scope: apply(left(scope), right(scope))

    _relation = _addition = _multiplication = _binary

    def _unary(self, node: Any) -> _Step:
        operator, operand = node.children[0].data, self.step(node.children[1])
        apply = values.negation if operator == "unary_not" else values.minus
        return lambda scope: apply(operand(scope))

    # --- members ---

    def _member_dot(self, node: Any) -> _Step:
        path = self._path(node)
        if path is not None:
            self.paths.add(path)
        source, name = self._inner(node, path), str(node.children[1])
        return lambda scope: values.member(source(scope), name, path)

    def _member_index(self, node: Any) -> _Step:
        path = self._path(node)
        if path is not None:
            self.paths.add(path)
        source, index = self._inner(node, path), self.step(node.children[1])
        return lambda scope: values.item(source(scope), index(scope), path)

    def _inner(self, node: Any, path: str | None) -> _Step:
        """What a member is read from. Inside a longer path its own is not noted: only the longest counts."""
        before = set(self.paths)
        step = self.step(node.children[0])
        if path is not None:
            self.paths = before
        return step

    def _path(self, node: Any) -> str | None:
        node = tree.unwrapped(node)
        if node.data == "ident":
            name = str(node.children[0])
            return None if name in self.locals else name
        if node.data == "member_dot":
            parent = self._path(node.children[0])
            return None if parent is None else f"{parent}.{node.children[1]}"
        if node.data == "member_index":
            parent, literal = self._path(node.children[0]), tree.string_literal(node.children[1])
            return None if parent is None or literal is None else f"{parent}.{literal}"
        return None

    def _ident(self, node: Any) -> _Step:
        name = str(node.children[0])
        if name in self.locals:
            return lambda scope: scope.local[name]
        if name not in self.names:
            known = ", ".join(sorted(self.names)) or "none"
            raise self.refuse(f"reads {name!r}, which is not given to it; known here: {known}", node)
        self.paths.add(name)
        return lambda scope: values.member(scope.facts, name, name)

    def _literal(self, node: Any) -> _Step:
        value = self._constant(str(node.children[0]), node)
        return lambda _: value

    def _constant(self, token: str, node: Any) -> Any:
        if token in _CONSTANTS:
            return _CONSTANTS[token]
        try:
            value = ast.literal_eval(token)  # CEL's texts and numbers without suffix are written as Python's are
        except (ValueError, SyntaxError):
            value = None
        if not isinstance(value, str | int | float):
            raise self.refuse(f"uses the literal {token[:40]}, which is not supported", node)
        return value

    def _list_lit(self, node: Any) -> _Step:
        steps = [self.step(child) for child in node.children[0].children] if node.children else []
        return lambda scope: [step(scope) for step in steps]

    # --- functions and macros ---

    def _ident_arg(self, node: Any) -> _Step:
        name, arguments = str(node.children[0]), tree.arguments(node)
        if name == "has":
            return self._has(node, arguments)
        apply = values.FUNCTIONS.get(name)
        if apply is None or len(arguments) != 1:
            known = ", ".join(f"{known}(x)" for known in ("has", *values.FUNCTIONS))
            raise self.refuse(f"calls {name} with {len(arguments)} arguments; known functions: {known}", node)
        operand = self.step(arguments[0])
        return lambda scope: apply(operand(scope))

    def _has(self, node: Any, arguments: list[Any]) -> _Step:
        target = arguments[0] if len(arguments) == 1 else None
        target = None if target is None else tree.unwrapped(target)
        if target is None or target.data != "member_dot":
            raise self.refuse("has() needs one member, such as has(drift.run.coverage)", node)
        path = self._path(target)
        source, name = self._inner(target, path), str(target.children[1])
        self.paths |= {path} if path is not None else set()
        return lambda scope: values.has(source(scope), name)

    def _member_dot_arg(self, node: Any) -> _Step:
        name, arguments = str(node.children[1]), tree.arguments(node)
        if name in _MACROS:
            return self._macro(node, name, arguments)
        method = _METHODS.get(name)
        if method is None or len(arguments) != 1:
            known = ", ".join(sorted({*_MACROS, *_METHODS}))
            raise self.refuse(f"calls .{name}() with {len(arguments)} arguments; known: {known}", node)
        source, argument = self.step(node.children[0]), self.step(arguments[0])
        return lambda scope: method(values.text(source(scope), name), values.text(argument(scope), name))

    def _macro(self, node: Any, name: str, arguments: list[Any]) -> _Step:
        variable = tree.identifier(arguments[0]) if len(arguments) == 2 else None
        if variable is None:
            raise self.refuse(f".{name}() needs a variable and a condition, such as .{name}(x, x > 1)", node)
        if self.locals:
            raise self.refuse(f".{name}() stands inside another macro; its cost would have no bound", node)
        source = self.step(node.children[0])
        before = self.terms
        self.locals.append(variable)
        body = self.step(arguments[1])
        self.locals.pop()
        return _quantifier(name, source, body, variable, self.terms - before)


def _quantifier(name: str, source: _Step, body: _Step, variable: str, cost: int) -> _Step:
    def answers(scope: _Scope) -> Iterator[_Scope]:
        for element in values.elements(source(scope), name):
            scope.spend(cost)
            yield _Scope(scope.facts, {variable: element}, scope.steps)

    def quantify(scope: _Scope) -> bool:
        if name == "exists_one":
            return sum(values.truth(body(inner)) for inner in answers(scope)) == 1
        decisive = name == "exists"
        held: NoAnswerError | None = None
        for inner in answers(scope):
            try:
                if values.truth(body(inner)) is decisive:
                    return decisive
            except NoAnswerError as error:
                held = error
        if held is not None:
            raise held
        return not decisive

    return quantify


def _logic(left: _Step, right: _Step, *, decisive: bool) -> _Step:
    """CEL's && and ||: a side without an answer does not matter when the other side decides."""

    def decide(scope: _Scope) -> bool:
        try:
            first: bool | NoAnswerError = values.truth(left(scope))
        except NoAnswerError as error:
            first = error
        if first is decisive:
            return decisive
        second = values.truth(right(scope))
        if second is not decisive and isinstance(first, NoAnswerError):
            raise first
        return second

    return decide
