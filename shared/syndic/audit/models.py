"""Nouns of the audit trail."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from syndic.models import AuditEntry, Noun

GENESIS = "0" * 64
"""What the first entry names as its predecessor's hash."""


class Head(Noun):
    """The state of the log: how many entries it has and the hash of the last one.

    Whoever keeps a head outside the log can later prove that nothing before it was cut or changed.
    """

    size: int = 0
    hash: str = GENESIS


class LoggedEntry(Noun):
    """An entry in its place. `hash` covers index, salted content and `previous`, the hash of the entry before."""

    index: int
    entry: AuditEntry
    previous: str
    hash: str = Field(description="data of the leaf of this entry in the Merkle tree")
    salt: str | None = Field(
        default=None,
        description="hashed with the content; once both are erased the hash says nothing. None: of before the tree",
    )


class EntryPage(Noun):
    """Some entries and the token for the next ones."""

    entries: tuple[LoggedEntry, ...]
    next_token: str | None = None


class SignedCheckpoint(Noun):
    """What the tree was when it was last published."""

    note: str = Field(description="the checkpoint as a signed note (C2SP)")
    key: str = Field(description="the log's verifier key; whoever verifies compares it with what he was given before")
    size: int
    root: str


class Leaves(Noun):
    """Hashes of entries in order."""

    start: int
    hashes: tuple[str, ...]


class ProvenEntry(Noun):
    """An entry with the proof of it."""

    entry: LoggedEntry
    proof: str = Field(description="the text of a .tlog-proof file (C2SP tlog-proof)")


class Fault(StrEnum):
    """What verification can find."""

    EDITED = "edited"  # the entry's content does not give its hash
    UNREADABLE = "unreadable"  # no entry of this log
    MISSING = "missing"  # an index between others is not there
    UNCHAINED = "unchained"  # it does not continue the entry before: swapped, inserted or re-hashed
    TRUNCATED = "truncated"  # fewer entries than the head says
    BEYOND_HEAD = "beyond_head"  # entries after the last one that the head names
    REWRITTEN = "rewritten"  # consistent in itself, but another log than the one whose head is known
    HIDDEN = "hidden"  # a listing does not have an entry that belongs there
    MISPLACED = "misplaced"  # a listing has an entry that does not belong there
    FORGED = "forged"  # a checkpoint that the log's key did not sign


class LogProblem(Noun):
    """One fault, at an index where it has one."""

    fault: Fault
    index: int | None
    detail: str


class Verification(Noun):
    """What verifying the log gave. `head` is what the entries themselves add up to."""

    intact: bool
    head: Head
    root: str = Field(default="", description="root of the Merkle tree of these entries; empty: none was computed")
    since: int = Field(default=0, description="entries before this index were verified earlier, against a checkpoint")
    erased: int = Field(default=0, description="entries looked at whose content was erased, as an entry says")
    checkpoint: int | None = Field(default=None, description="size of the newest signed checkpoint that it continues")
    problems: tuple[LogProblem, ...] = ()  # the first 100
    problem_count: int = 0
