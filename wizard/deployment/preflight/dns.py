"""Asks the resolver of this machine for NS and CAA records: one packet, one answer, no library.

RFC 1035 for the packet, RFC 8659 for CAA. What the resolver does not answer in time is not known, never absent.
"""

from __future__ import annotations

import secrets
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")
NS, CAA = 2, 257
PATIENCE_S = 3.0
TRIES = 2
PORT = 53
_HEADER = struct.Struct("!6H")
_RECORD = struct.Struct("!HHIH")
_RECURSION_WANTED = 0x0100
_TRUNCATED = 0x0200
_NO_ERROR, _NO_SUCH_NAME = 0, 3
_MOST_LABELS = 160


class NotAnswered(Exception):
    """The resolver gave no answer that can be used; the words say why."""


@dataclass(frozen=True)
class Resolver:
    """The name server that this machine asks."""

    address: str
    port: int = PORT

    @classmethod
    def of_this_machine(cls, file: Path = Path("/etc/resolv.conf")) -> Resolver | None:
        """The first one of the resolver's file; None where there is none (Windows)."""
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return None
        words = (line.split() for line in lines)
        return next((cls(each[1]) for each in words if len(each) > 1 and each[0] == "nameserver"), None)

    def name_servers(self, zone: str) -> list[str]:
        """The NS records of a name; empty when it has none. Raises `NotAnswered`."""
        return self._ask(zone, NS, lambda packet, start, length: _name(packet, start)[0])

    def caa(self, name: str) -> list[tuple[str, str]]:
        """Tag and value of each CAA record of a name. Raises `NotAnswered`."""
        return self._ask(name, CAA, _caa)

    def _ask(self, name: str, kind: int, read: Callable[[bytes, int, int], Found]) -> list[Found]:
        number = secrets.randbelow(1 << 16)
        try:
            labels = [label.encode("idna") for label in name.rstrip(".").split(".")]
        except UnicodeError:
            raise NotAnswered(f"{name} is no name that DNS knows") from None
        question = b"".join(bytes([len(label)]) + label for label in labels) + b"\0" + struct.pack("!HH", kind, 1)
        packet = self._exchanged(_HEADER.pack(number, _RECURSION_WANTED, 1, 0, 0, 0) + question, number)
        try:
            return [read(packet, start, length) for start, length in _records(packet, kind)]
        except (IndexError, struct.error):
            raise NotAnswered(f"{self.address} answered with a packet that is no answer") from None

    def _exchanged(self, question: bytes, number: int) -> bytes:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        for _ in range(TRIES):
            try:
                with socket.socket(family, socket.SOCK_DGRAM) as udp:
                    udp.settimeout(PATIENCE_S)
                    udp.connect((self.address, self.port))
                    udp.send(question)
                    answer = udp.recv(4096)
            except OSError:
                continue
            if len(answer) >= _HEADER.size and answer[:2] == number.to_bytes(2, "big"):
                return answer
        raise NotAnswered(f"the resolver {self.address} did not answer")


def _records(packet: bytes, kind: int) -> Iterator[tuple[int, int]]:
    """Where the data of each record of the kind begins, and how long it is."""
    _, flags, questions, answers, _, _ = _HEADER.unpack_from(packet)
    code = flags & 0xF
    if flags & _TRUNCATED or code not in (_NO_ERROR, _NO_SUCH_NAME):
        raise NotAnswered(f"the resolver answered with code {code}" if code else "the answer is too long")
    at = _HEADER.size
    for _ in range(questions):
        at = _name(packet, at)[1] + 4
    for _ in range(answers):
        at = _name(packet, at)[1]
        found, _, _, length = _RECORD.unpack_from(packet, at)
        at += _RECORD.size
        if found == kind:
            yield at, length
        at += length


def _caa(packet: bytes, at: int, length: int) -> tuple[str, str]:
    value = at + 2 + packet[at + 1]
    tag = packet[at + 2 : value].decode("ascii", "replace")
    return tag.lower(), packet[value : at + length].decode("utf-8", "replace")


def _name(packet: bytes, at: int) -> tuple[str, int]:
    """A name that may point back into the packet, and where reading goes on."""
    labels: list[str] = []
    end = -1
    for _ in range(_MOST_LABELS):
        length = packet[at]
        if length >= 0xC0:
            end = at + 2 if end < 0 else end
            at = ((length & 0x3F) << 8) | packet[at + 1]
        elif length == 0:
            return ".".join(labels), end if end >= 0 else at + 1
        else:
            labels.append(packet[at + 1 : at + 1 + length].decode("ascii", "replace"))
            at += 1 + length
    raise IndexError("a name that never ends")
