"""Which signatures a checkpoint needs (C2SP tlog-policy): the log's, and those of enough witnesses. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from syndic.audit.signed.notes import COSIGNATURE, ED25519, Note, VerifierKey, read_key
from syndic.errors import InvalidInputError

_NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Group:
    """Some witnesses or groups, of which a number is needed."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs that are trusted, witnesses, and which of these must have signed."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str

    def unmet(self, note: Note) -> str | None:
        """Why a note does not meet the policy, or None. Raises `InvalidInputError` for a wrong known signature."""
        if not note.signed_by(self.logs):
            return "is signed by none of the policy's logs"
        signed = note.signed_by(self.witnesses.values())
        named = {name for name, key in self.witnesses.items() if key in signed}
        if self.quorum != _NONE and not self._met(self.quorum, named):
            return f"is not cosigned by enough witnesses: {len(named)} of the policy's signed, not its quorum"
        return None

    def _met(self, name: str, signed: set[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in signed
        return sum(self._met(member, signed) for member in group.members) >= group.needed


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody who signs the checkpoints of others: a name, the key, and the address that takes them."""

    name: str
    key: VerifierKey
    url: str


def read_policy(text: str, *, where: str) -> Policy:
    """Read a policy. Raises `InvalidInputError` that names the line."""
    logs: list[VerifierKey] = []
    witnesses: dict[str, VerifierKey] = {}
    groups: dict[str, Group] = {}
    quorum: str | None = None
    for at, words in _lines(text, where):
        match words:
            case ["log", key, *url] if len(url) <= 1:
                logs.append(_log_key(key, at))
            case ["witness", name, key, *url] if len(url) <= 1:
                _new(name, witnesses, groups, at)
                own = _witness_key(key, at)
                if own in witnesses.values():
                    raise InvalidInputError("names the key of one witness twice: it would count twice", where=at)
                witnesses[name] = own
            case ["group", name, needed, *members] if members:
                _new(name, witnesses, groups, at)
                _known(members, witnesses, groups, at)
                groups[name] = Group(_number(needed, len(members), at), tuple(members))
            case ["quorum", name] if quorum is None:
                if name != _NONE:
                    _known([name], witnesses, groups, at)
                quorum = name
            case _:
                raise InvalidInputError(f"is no line of a policy: {' '.join(words)[:80]!r}", where=at)
    if not logs or quorum is None:
        raise InvalidInputError("a policy has a log and one quorum", where=where)
    return Policy(tuple(logs), witnesses, groups, quorum)


def read_witnesses(text: str, *, where: str) -> tuple[Witness, ...]:
    """The witnesses of a policy, which is read as far as its lines of witnesses. Each needs an address.

    Raises `InvalidInputError` that names the line.
    """
    found: dict[str, Witness] = {}
    for at, words in _lines(text, where):
        match words:
            case ["witness", name, key, url] if name not in found:
                if not url.startswith("https://"):
                    raise InvalidInputError(
                        f"the address of a witness begins with https://, not {url[:40]!r}", where=at
                    )
                found[name] = Witness(name, _witness_key(key, at), url.rstrip("/"))
            case ["witness", name, _, _]:
                raise InvalidInputError(f"{name!r} is taken", where=at)
            case ["witness", *_]:
                raise InvalidInputError("a line of a witness is: witness NAME KEY ADDRESS", where=at)
            case ["log" | "group" | "quorum", *_]:
                continue
            case _:
                raise InvalidInputError(f"is no line of a policy: {' '.join(words)[:80]!r}", where=at)
    if len({witness.key for witness in found.values()}) < len(found):
        raise InvalidInputError("names the key of one witness twice", where=where)
    return tuple(found.values())


def _lines(text: str, where: str) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if words and not words[0].startswith("#"):
            yield f"{where}, line {number}", words


def _log_key(text: str, where: str) -> VerifierKey:
    key = read_key(text, where=where)
    if key.kind != ED25519:
        raise InvalidInputError("a log has a key of signatures, this one is a witness's", where=where)
    return key


def _witness_key(text: str, where: str) -> VerifierKey:
    key = read_key(text, where=where)
    if key.kind != COSIGNATURE:
        raise InvalidInputError("a witness has a key of cosignatures", where=where)
    return key


def _new(name: str, witnesses: Mapping[str, VerifierKey], groups: Mapping[str, Group], where: str) -> None:
    if name == _NONE or name in witnesses or name in groups:
        raise InvalidInputError(f"{name!r} is taken", where=where)


def _known(names: list[str], witnesses: Mapping[str, VerifierKey], groups: Mapping[str, Group], where: str) -> None:
    for name in names:
        if name not in witnesses and name not in groups:
            raise InvalidInputError(f"{name!r} is no witness or group before this line", where=where)
    if len(set(names)) < len(names):
        raise InvalidInputError("names one twice", where=where)


def _number(text: str, most: int, where: str) -> int:
    if text in {"any", "all"}:
        return 1 if text == "any" else most
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise InvalidInputError(f"a group needs any, all or 1 to {most}, not {text[:20]!r}", where=where)
    return int(text)
