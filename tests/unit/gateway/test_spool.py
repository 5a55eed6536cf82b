"""The queue on disk: what was waited for survives a killed process, and is handed on once or again, never not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import pytest

from syndic.adapters.inference.offering import Offering
from syndic.adapters.inference.spool import CHUNK, Spool, chunks
from syndic.errors import InvalidInputError, UnavailableError
from syndic.serving.remote import shipping_to

WRITER = """
import sys, threading
from pathlib import Path
from syndic.adapters.inference.spool import Spool

def ship(records):
    for record in records:
        sys.stdout.write("shipped " + record.decode() + "\\n")
    sys.stdout.flush()

spool = Spool(Path(sys.argv[1]), ship=ship, roll=0.02)
def answer(name):
    for n in range(100_000):
        spool.take("m", f"{name}-{n}".encode())
        sys.stdout.write(f"answered {name}-{n}\\n"); sys.stdout.flush()
for name in "abc":
    threading.Thread(target=answer, args=(name,), daemon=True).start()
threading.Event().wait()
"""


class Taken:
    def __init__(self) -> None:
        self.records: list[bytes] = []
        self.down = False

    def __call__(self, records: Sequence[bytes]) -> None:
        if self.down:
            raise UnavailableError("away")
        self.records.extend(records)


def until(holds: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come to be")


@pytest.mark.parametrize("after", [0.05, 0.15, 0.3])
def test_nothing_answered_is_lost_when_the_process_is_killed(tmp_path: Path, after: float) -> None:
    command, environment = [sys.executable, "-c", WRITER, str(tmp_path)], {**os.environ, "PYTHONPATH": "shared"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().decode().split("\n")[:-1]
    told = [line.split(" ") for line in lines]
    answered = {line[1] for line in told if line[0] == "answered" and len(line) == 2}
    shipped = {line[1].encode() for line in told if line[0] == "shipped" and len(line) == 2}

    taken = Taken()
    Spool(tmp_path, ship=taken, roll=0.01).close()

    found = {*taken.records, *shipped}
    assert answered
    assert {one.encode() for one in answered} <= found
    assert not list(tmp_path.iterdir())


def test_records_wait_while_nobody_takes_them(tmp_path: Path) -> None:
    taken = Taken()
    taken.down = True
    spool = Spool(tmp_path, ship=taken, roll=0.01)
    for n in range(50):
        spool.take("m", b"%d" % n)
    time.sleep(0.05)
    assert taken.records == []

    taken.down = False
    until(lambda: len(taken.records) == 50)
    spool.offer("m", b"offered")
    spool.close()

    assert set(taken.records) == {*(b"%d" % n for n in range(50)), b"offered"}


def test_many_that_wait_at_once_wait_for_few_flushes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushes = []
    monkeypatch.setattr(os, "fsync", lambda number: (flushes.append(number), time.sleep(0.01)))
    spool = Spool(tmp_path, ship=Taken(), roll=60)
    threads = [threading.Thread(target=spool.take, args=("m", b"%d" % n)) for n in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 1 <= len(flushes) <= 20


def test_two_processes_share_a_folder_and_neither_takes_what_the_other_still_writes(tmp_path: Path) -> None:
    one, other = Taken(), Taken()
    first = Spool(tmp_path, ship=one, roll=60)
    first.take("m", b"1")
    second = Spool(tmp_path, ship=other, roll=0.01)
    second.take("m", b"2")
    until(lambda: other.records == [b"2"])
    first.close()
    second.close()

    assert (one.records, other.records) == ([b"1"], [b"2"])


def test_a_full_disk_is_an_answer_that_is_not_given(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", ship=Taken(), roll=60)
    (tmp_path / "spool").rmdir()

    with pytest.raises(UnavailableError, match="cannot be written"):
        spool.take("m", b"1")


def test_a_cut_line_is_no_record_and_parts_are_as_large_as_a_request_takes() -> None:
    data = b"".join(b"%d" % n * 30_000 + b"\n" for n in range(9)) + b"cut"
    parts = list(chunks(data))

    assert sum(map(len, parts)) == 9
    assert max(sum(map(len, part)) for part in parts) <= CHUNK


def test_what_is_offered_beyond_the_most_is_counted_as_lost() -> None:
    taken = Taken()
    taken.down = True
    offering = Offering(taken, every=0.001, most=3)
    for n in range(5):
        offering.offer(b"%d" % n)
    offering.flush()
    taken.down = False
    offering.flush()

    assert (sorted(taken.records), offering.lost) == ([b"0", b"1", b"2"], 2)


def test_who_offers_beside_records_that_waited_too_long_sends_them_when_the_thread_comes_late() -> None:
    taken = Taken()
    offering = Offering(taken, every=3600, oldest=0.0)
    offering.offer(b"0")
    time.sleep(0.002)
    offering.offer(b"1")

    assert taken.records == [b"0", b"1"]


def test_after_a_disk_was_full_what_waits_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    taken = Taken()
    spool = Spool(tmp_path, ship=taken, roll=0.01)
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(UnavailableError, match="No space left"):
            spool.take("m", b"first")
        time.sleep(0.1)  # in which the thread looks several times

    spool.take("m", b"second")

    until(lambda: {b"first", b"second"} <= set(taken.records))
    spool.close()


def test_what_is_offered_survives_a_disk_that_was_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __init__(self, file: IO[bytes]) -> None:
            self._file = file

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    taken = Taken()
    spool = Spool(tmp_path, ship=taken, roll=60)
    spool.take("m", b"first")
    assert spool._file is not None
    whole = spool._file
    spool._file = Full(whole)  # type: ignore[assignment]
    spool.offer("m", b"second")
    spool.flush()  # nobody who only offers is told of a full disk
    spool._file = whole
    spool.close()

    assert {b"first", b"second"} <= set(taken.records)


def test_records_that_are_refused_keep_no_others_waiting_and_are_not_lost(tmp_path: Path) -> None:
    taken: list[bytes] = []

    def ship(records: Sequence[bytes]) -> None:
        if b"other" in records:
            raise InvalidInputError("a record is of another model")
        taken.extend(records)

    spool = Spool(tmp_path, ship=ship, roll=0.01)
    spool.take("m", b"other")
    until(lambda: bool(spool._refused))
    spool.take("m", b"own")
    until(lambda: taken == [b"own"])
    spool.close()

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"other\n"]


def test_requests_are_as_large_as_the_api_takes_and_go_to_their_models() -> None:
    sent: list[tuple[str, int, int]] = []

    class Api:
        def send(self, _method: str, path: str, body: Any) -> None:
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            sent.append((path, len(body["records"]), len(text.encode())))

    records = [json.dumps({"model_id": f"m{n % 2}", "lines": ["x" * 700]}).encode() for n in range(1_500)]
    shipping_to(Api())(records)  # type: ignore[arg-type]

    assert {path for path, _, _ in sent} == {f"/models/m{n}/gateway/records" for n in range(2)}
    assert sum(count for _, count, _ in sent) == 1_500
    assert max(size for _, _, size in sent) < 256 * 1024
    with pytest.raises(InvalidInputError, match="no record"):
        shipping_to(Api())([b"cut {"])  # type: ignore[arg-type]
