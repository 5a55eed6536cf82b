"""The store in a folder beyond what every store promises: other processes, crashes, damage, foreign folders."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.adapters.folder import FolderStore, commits
from syndic.adapters.folder.names import to_name, to_text
from syndic.errors import InvalidInputError, UnavailableError
from syndic.ports import ABSENT, Key, Listing, Record, Write

KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="/\\#?%"), min_size=1)
ROOT = Path(__file__).resolve().parents[3]
APPEND = """
import sys
from pathlib import Path
from syndic.adapters.folder import FolderStore
from syndic.errors import StaleWriteError
from syndic.ports import ABSENT, Key, Listing, Record, Write
store, turns = FolderStore(Path(sys.argv[1])), int(sys.argv[2])
while turns:
    head = store.get(Key("log", "head"))
    size = 0 if head is None else head.body["size"]
    entry = Record(Key("log", f"entry.{size:06d}"), {"n": size}, listings=(Listing("log.all", f"{size:06d}"),))
    new = Record(Key("log", "head"), {"size": size + 1}, listings=(Listing("log.size", f"{size + 1:06d}"),))
    try:
        store.put_together([Write(entry, ABSENT), Write(new, head.etag if head else ABSENT)])
    except StaleWriteError:
        continue
    turns -= 1
"""


def appending(folder: Path, turns: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "shared")}
    return subprocess.Popen([sys.executable, "-c", APPEND, str(folder), str(turns)], env=environment)


def whole(store: FolderStore) -> int:
    """The size of the log, after looking that entries, listings and head agree."""
    head = store.get(Key("log", "head"))
    size = 0 if head is None else int(head.body["size"])
    assert [one.body["n"] for one in store.query("log", prefix="entry.", limit=1000).records] == list(range(size))
    assert [one.body["n"] for one in store.query("log.all", limit=1000).records] == list(range(size))
    assert list(store.query("log.size").records) == ([] if head is None else [head])
    return size


@given(KEYS)
def test_names_of_files_lead_back_to_the_key_or_are_cut(text: str) -> None:
    name = to_name(text)
    assert len(name) <= 160
    assert name == name.lower()
    assert not name.startswith(".")
    assert to_text(name) == (None if len(name) == 141 and "%" in name else text)


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    processes = [appending(tmp_path / "store", 30) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert whole(FolderStore(tmp_path / "store")) == 60


def test_a_killed_process_leaves_whole_changes(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store, size = FolderStore(folder), 0
    for _ in range(6):
        process = appending(folder, 10_000)
        try:
            while (store.get(Key("log", "head")) or Record(Key("log", "head"), {"size": 0})).body["size"] < size + 2:
                assert process.poll() is None
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(60)
        size = whole(store)
    assert size >= 12


@pytest.mark.parametrize("moved", [0, 1, 2, 3])
def test_a_decided_change_is_finished_by_whoever_comes_next(
    tmp_path: Path, moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path / "store")
    listed = (Listing("p.open", "1"),)
    store.put(Record(Key("p", "a"), {"v": 1}, listings=listed))
    apply = commits._apply

    def dies(folder: Path, moves: list[list[str]], removals: list[str]) -> None:
        commit = (folder / commits.COMMIT).read_bytes()
        apply(folder, moves[:moved], [])
        (folder / commits.COMMIT).write_bytes(commit)
        raise OSError(5, "died")

    monkeypatch.setattr(commits, "_apply", dies)
    writes = [
        Write(Record(Key("p", "a"), {"v": 2}, listings=(Listing("p.closed", "1"),))),
        Write(Record(Key("p", "b"), {"v": 1}), ABSENT),
    ]
    with pytest.raises(UnavailableError, match="died"):
        store.put_together(writes)
    monkeypatch.undo()
    assert [one.body for one in FolderStore(tmp_path / "store").query("p").records] == [{"v": 2}, {"v": 1}]
    assert store.query("p.open").records == ()
    assert [one.key.sort for one in store.query("p.closed").records] == ["a"]
    assert not (tmp_path / "store" / commits.COMMIT).exists()


def test_a_change_that_was_not_decided_did_not_happen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path / "store")
    store.put(Record(Key("p", "a"), {"v": 1}))

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(commits, "_write", full)
    with pytest.raises(UnavailableError, match="No space left on device"):
        store.put(Record(Key("p", "a"), {"v": 2}, listings=(Listing("l", "1"),)))
    monkeypatch.undo()
    record = store.get(Key("p", "a"))
    assert record is not None
    assert record.body == {"v": 1}
    assert store.query("l").records == ()


def test_a_folder_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(InvalidInputError, match="is not empty and no store of Syndic"):
        FolderStore(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(InvalidInputError, match="there is no store in this folder yet"):
        FolderStore(tmp_path / "new", create=False)
    assert not (tmp_path / "new").exists()
    with pytest.raises(UnavailableError, match=r"letter\.txt: File exists"):
        FolderStore(tmp_path / "letter.txt")


def test_a_store_of_another_format_is_refused(tmp_path: Path) -> None:
    FolderStore(tmp_path / "store")
    (tmp_path / "store" / "syndic-store.json").write_text('{"format": 2}')
    with pytest.raises(InvalidInputError, match="another version of Syndic"):
        FolderStore(tmp_path / "store")


@pytest.mark.parametrize("content", ["", "[]", '{"at": ["p", ', "7"])
def test_a_damaged_record_is_named(tmp_path: Path, content: str) -> None:
    store = FolderStore(tmp_path / "store")
    store.put(Record(Key("p", "a"), {}))
    (tmp_path / "store/records/p/a.json").write_text(content)
    with pytest.raises(InvalidInputError, match=r"records/p/a\.json: is damaged"):
        store.get(Key("p", "a"))


def test_a_record_is_a_file_that_people_can_read(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    written = store.put(Record(Key("models", "Credit"), {"name": "Grüße"}, listings=(Listing("models.newest", "1"),)))
    kept = json.loads((tmp_path / "store/records/models/^credit.json").read_text("utf-8"))
    assert kept == {
        "at": ["models", "Credit"],
        "etag": written.etag,
        "listings": [["models.newest", "1"]],
        "body": {"name": "Grüße"},
    }
