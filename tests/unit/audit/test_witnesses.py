"""Checkpoints are sent to witnesses, and their signatures are kept, published and verified by a policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from syndic.adapters.internet.witnesses import HttpsWitnesses
from syndic.adapters.memory import MemoryArchive, MemoryStore
from syndic.audit.keys import LEASE
from syndic.audit.public.export import package
from syndic.audit.public.publish import LATEST
from syndic.audit.search import get_entry, list_entries
from syndic.audit.signed.notes import read_note, verifier_of
from syndic.audit.signed.policy import read_policy, read_witnesses
from syndic.audit.tree.batches import hashes_between
from syndic.audit.verification.offline import verify_export
from syndic.errors import InvalidInputError
from syndic.tasks import trail
from tests.edges.world import NOW, SETTINGS, World
from tests.unit.audit.tampering import Key, entry
from tests.unit.audit.witness_server import WitnessServer, tlog
from tests.unit.channels.listening import Heard, Reply, Server, listening

LOG = str(verifier_of(Key()))


@dataclass
class Setting:
    """A platform with its log, two witnesses, and what else may answer for them."""

    server: Server
    first: WitnessServer = field(default_factory=lambda: WitnessServer("witness.example.org", (LOG,), seed=7))
    second: WitnessServer = field(default_factory=lambda: WitnessServer("other.example.org", (LOG,), seed=8))
    instead: dict[str, Reply] = field(default_factory=dict)
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.server.reply = self.reply
        self.lines = [one.line(f"https://{one.name}/log") for one in (self.first, self.second)]
        self.world.waits, self.world.signing_key = True, Key()
        self.world.settings = SETTINGS.model_copy(update={"audit_witnesses": "\n".join(self.lines)})
        self.world.witness_requests = HttpsWitnesses(self.server.https())

    def reply(self, heard: Heard) -> Reply:
        assert heard.path == "/log/add-checkpoint"
        witness = self.first if heard.host == self.first.name else self.second
        return self.instead.get(witness.name) or witness.reply(heard)

    def run(self, *, after: timedelta = timedelta(hours=1), entries: int = 3) -> None:
        self.world.moment += after
        self.world.audit.append(*(entry(number) for number in range(entries)))
        trail.run(self.world)

    @property
    def note(self) -> str:
        assert self.world.log_archive is not None
        return self.world.log_archive.get(LATEST).decode()

    def unmet(self, quorum: str) -> str | None:
        lines = [f"log {LOG}", *self.lines, "group both all witness other", "group one any witness other"]
        return read_policy("\n".join([*lines, f"quorum {quorum}"]), where="policy").unmet(read_note(self.note.encode()))

    def actions(self) -> list[str]:
        return [one.entry.action for one in list_entries(self.world.store, limit=100).entries]


@pytest.fixture
def setting(tmp_path) -> Iterator[Setting]:
    with listening(tmp_path) as server:
        yield Setting(server)


def test_every_checkpoint_is_signed_by_the_witnesses_and_verified_by_both_verifiers(setting: Setting) -> None:
    for _ in range(3):
        setting.run()
        assert setting.unmet("both") is None
    assert [(old, status) for old, status in setting.first.heard] == [(0, 200), (3, 200), (6, 200)]
    keys = tuple(tlog.parse_vkey(one.vkey) for one in (setting.first, setting.second))
    theirs = tlog.verify_checkpoint(
        tlog.parse_note(setting.note), tlog.parse_vkey(LOG), policy=tlog.WitnessPolicy(2, keys)
    )
    assert (theirs.ok, theirs.size) == (True, 9)
    store = setting.world.store
    data = package(
        [get_entry(store, index) for index in range(9)], list(hashes_between(store, 0, 9)),
        note=setting.note, key=LOG, asked={},
    )  # fmt: skip
    found = verify_export(data, where="x")
    assert (found.problem_count, len(found.note.signatures)) == (0, 3)
    assert setting.note.count("\u2014") == 3
    assert any(setting.note in mail.text for mail in setting.world.notifier.sent)


def test_who_is_silent_is_asked_again_and_holds_nobody_up(setting: Setting) -> None:
    setting.instead[setting.second.name] = Reply(cut="before")
    setting.run()
    assert setting.unmet("one") is None
    assert "enough witnesses" in str(setting.unmet("both"))
    asked = setting.server.connections
    setting.run(after=timedelta(minutes=1), entries=0)
    assert setting.server.connections == asked, "asked again at once"
    setting.instead.clear()
    setting.run(after=timedelta(minutes=10), entries=0)
    assert setting.unmet("both") is None
    assert setting.first.heard == [(0, 200)], "who had signed is not asked again"
    assert [value for name, value, _ in setting.world.counted if name == "CosignaturesMissing"] == [1, 0]
    setting.run(after=timedelta(hours=1), entries=0)
    assert setting.unmet("both") is None, "publishing the same tree again keeps the signatures"
    assert "audit.checkpoint_refused" not in setting.actions()


def test_a_witness_tells_where_it_is_when_that_was_forgotten(setting: Setting) -> None:
    setting.run()
    setting.world.store.delete(LEASE)
    setting.run()
    assert setting.first.heard == [(0, 200), (0, 409), (3, 200)]
    assert setting.unmet("both") is None


def test_a_trail_that_was_written_anew_gets_no_signature_and_the_refusal_is_an_entry(setting: Setting) -> None:
    setting.run(entries=5)
    setting.world.store, setting.world.log_archive = MemoryStore(), MemoryArchive(lambda: NOW)
    setting.run(entries=3)
    assert "enough witnesses" in str(setting.unmet("one"))
    (told, _) = [
        one.entry for one in list_entries(setting.world.store, limit=100).entries
        if one.entry.action == "audit.checkpoint_refused"
    ]  # fmt: skip
    assert "signed a trail of 5 entries before" in str(told.details["reason"])
    setting.run(entries=9)  # as long as before by now, and another one
    assert setting.first.heard[-1][1] == 422
    assert "enough witnesses" in str(setting.unmet("one"))


@pytest.mark.parametrize(
    "wrong",
    [
        Reply(200, b""),
        Reply(200, b"\xff\xfe" * 9000),
        Reply(200, "\u2014 witness.example.org AAAAAAAA\n".encode()),
        Reply(200, "\u2014 someone.else AAAAAAAAAAAAAAAA\n".encode()),
        Reply(204),
        Reply(302, b"", {"Location": "https://witness.example.org/elsewhere"}),
        Reply(403),
        Reply(409, b"1\n", {"Content-Type": "text/plain"}),
        Reply(409, b"0\n", {"Content-Type": "text/x.tlog.size"}),
        Reply(409, b"-1\n", {"Content-Type": "text/x.tlog.size"}),
        Reply(409, b"9" * 4000, {"Content-Type": "text/x.tlog.size"}),
        Reply(409, b"2\n", {"Content-Type": "text/x.tlog.size"}),
        Reply(503),
        Reply(cut="within"),
    ],
    ids=lambda one: f"{one.status}-{one.body[:12]!r}",
)
def test_no_other_answer_is_a_signature(setting: Setting, wrong: Reply) -> None:
    setting.instead[setting.first.name] = wrong
    setting.run()
    assert setting.note.count("\u2014") == 2, "the log's and the other witness's"
    assert setting.world.store.get(LEASE).body["witnessed"] == {read_key_id(setting.second): 3}
    answered = 200 <= wrong.status < 500 and not wrong.cut
    assert ("audit.checkpoint_refused" in setting.actions()) is answered
    assert setting.server.connections <= 3, "asked again and again"


def test_a_signature_of_another_text_or_key_is_none(setting: Setting) -> None:
    lines = {}
    for size, seed in ((2, 7), (3, 9)):
        _, line = tlog.sign_cosignature(
            WitnessServer("witness.example.org", (), seed=seed)._key,
            "witness.example.org",
            1,
            Key.name,
            size,
            bytes(32),
        )
        lines[size] = tlog.Note("x\n", (line,)).serialise().partition("\n\n")[2]
    for line in lines.values():
        setting.instead[setting.first.name] = Reply(200, line.encode())
        setting.run()
        assert setting.note.count("\u2014") == 2


def test_no_witness_is_asked_at_an_address_that_is_not_public(setting: Setting) -> None:
    world: Any = setting.world
    world.witness_requests = HttpsWitnesses(setting.server.https(admit=lambda address: False))
    setting.run()
    assert setting.server.connections == 0
    assert "enough witnesses" in str(setting.unmet("one"))


def test_a_damaged_setting_holds_no_entry_up(setting: Setting) -> None:
    setting.world.settings = SETTINGS.model_copy(update={"audit_witnesses": "witness w x https://w.example.org"})
    setting.run()
    assert setting.actions().count("drift.checked") == 3
    assert setting.note.count("\u2014") == 1


def test_witnesses_are_read_out_of_a_whole_policy() -> None:
    one = WitnessServer("witness.example.org", ())
    whole = f"# ours\nlog {LOG}\n{one.line('https://witness.example.org/log/')}\ngroup g any witness\nquorum g\n"
    (found,) = read_witnesses(whole, where="p")
    assert (found.name, str(found.key), found.url) == ("witness", one.vkey, "https://witness.example.org/log")
    for line, why in (
        (f"witness w {one.vkey}", "NAME KEY ADDRESS"),
        (f"witness w {LOG} https://w.example.org", "key of cosignatures"),
        (f"witness w {one.vkey} https://a.example.org\nwitness w {one.vkey} https://b.example.org", "line 2.*taken"),
        (f"witness w {one.vkey} https://a.example.org\nwitness v {one.vkey} https://b.example.org", "twice"),
        ("hello", "no line of a policy"),
    ):
        with pytest.raises(InvalidInputError, match=why):
            read_witnesses(line, where="p")


def read_key_id(witness: WitnessServer) -> str:
    return witness.vkey.split("+")[1]
