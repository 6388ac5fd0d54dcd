"""Name servers and CAA records are read from the resolver of this machine; silence is never taken for absence."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wizard.deployment.preflight import dns
from wizard.deployment.preflight.dns import CAA, NS, NotAnswered, Resolver

Answer = Callable[[bytes], bytes]


def packet(question: bytes, records: list[tuple[int, bytes]], *, code: int = 0, flags: int = 0x8180) -> bytes:
    """An answer to a question: each record's name points at the question's."""
    head = question[:2] + struct.pack("!5H", flags | code, 1, len(records), 0, 0)
    body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data for kind, data in records)
    return head + question[12:] + body


def name(text: str) -> bytes:
    return b"".join(bytes([len(each)]) + each.encode() for each in text.split("."))


@pytest.fixture
def resolver() -> Iterator[Callable[[Answer], Resolver]]:
    """A name server on this machine that answers as it is told."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def answering(answer: Answer) -> Resolver:
        def serve() -> None:
            while True:
                try:
                    question, sender = server.recvfrom(512)
                except OSError:
                    return
                if not question:
                    return
                server.sendto(answer(question), sender)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        return Resolver("127.0.0.1", server.getsockname()[1])

    yield answering
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", server.getsockname())
    server.close()


def test_name_servers_are_read_also_where_their_names_are_abbreviated(
    resolver: Callable[[Answer], Resolver],
) -> None:
    # The second one ends as the question does: `ns2` and a pointer to `shop.example`.
    records = [(NS, name("ns-1.awsdns.com") + b"\0"), (NS, name("ns2") + b"\xc0\x0c"), (1, b"\x7f\0\0\1")]
    asked: list[bytes] = []

    def answer(question: bytes) -> bytes:
        asked.append(question)
        return packet(question, records)

    assert resolver(answer).name_servers("shop.example.") == ["ns-1.awsdns.com", "ns2.shop.example"]
    assert asked[0][12:] == name("shop.example") + b"\0" + struct.pack("!HH", NS, 1)


def test_caa_records_are_read_with_tag_and_value(resolver: Callable[[Answer], Resolver]) -> None:
    record = b"\0\x05issueamazon.com"
    found = resolver(lambda question: packet(question, [(CAA, record)])).caa("shop.example")
    assert found == [("issue", "amazon.com")]


def test_a_name_that_is_not_there_has_no_records(resolver: Callable[[Answer], Resolver]) -> None:
    assert resolver(lambda question: packet(question, [], code=3)).name_servers("gone.example") == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda question: packet(question, [], code=2), "answered with code 2"),
        (lambda question: packet(question, [], flags=0x8380), "too long"),
        (lambda question: packet(question, [(NS, b"\xc0")])[:-1], "no answer"),
        (lambda question: packet(question, [(NS, b"\xc0\x2a")]), "no answer"),
    ],
)
def test_an_answer_that_says_nothing_is_not_taken_for_absence(
    answer: Answer, words: str, resolver: Callable[[Answer], Resolver]
) -> None:
    with pytest.raises(NotAnswered, match=words):
        resolver(answer).name_servers("shop.example")


def test_silence_ends_after_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "PATIENCE_S", 0.02)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(NotAnswered, match="did not answer"):
            Resolver("127.0.0.1", silent.getsockname()[1]).caa("shop.example")


def test_the_resolver_is_the_machines_own(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("# made by hand\nsearch example\nnameserver 10.0.0.2\nnameserver 10.0.0.3\n")
    assert Resolver.of_this_machine(file) == Resolver("10.0.0.2")
    assert Resolver.of_this_machine(tmp_path / "none") is None
