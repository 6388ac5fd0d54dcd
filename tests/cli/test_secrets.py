"""`pilotage secrets` and the keyring behind it: never on the command line, never in plain text, never for ever."""

from __future__ import annotations

import io
import threading

import pytest

from tests.cli.conftest import Pilotage
from wizard.deployment import keyring_values
from wizard.deployment.secret_values import SecretValues


class Trusted:
    """A keyring in memory that passes for an operating system's."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.held[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.held[service, name]


class Plain(Trusted):
    """One that keeps a file."""


class Silent(Trusted):
    """One that waits for a person at a desktop."""

    def get_password(self, service: str, name: str) -> str | None:
        threading.Event().wait(30)
        return None


class Chain(Trusted):
    """Several, the first of which is not to be trusted."""

    def __init__(self, *backends: Trusted) -> None:
        super().__init__()
        self.backends = backends


class Refusing(Trusted):
    """A locked one, whose complaint holds what nobody may see."""

    def set_password(self, service: str, name: str, value: str) -> None:
        raise RuntimeError(f"cannot store {value}")


Trusted.__module__ = Silent.__module__ = Refusing.__module__ = "keyring.backends.SecretService"
Plain.__module__ = "keyrings.alt.file"
Chain.__module__ = "keyring.backends.chainer"


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Trusted:
    backend = Trusted()
    use(monkeypatch, backend)
    return backend


def use(monkeypatch: pytest.MonkeyPatch, backend: Trusted) -> None:
    monkeypatch.setattr("keyring.get_keyring", lambda: backend)
    monkeypatch.setattr(keyring_values, "PATIENCE_SECONDS", 0.5)


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_value_from_stdin_is_kept_listed_by_name_and_removed(
    pilotage: Pilotage, keyring: Trusted, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "canary-value\n")
    kept = pilotage("secrets", "set", "API_TOKEN")
    assert kept.code == 0 and keyring.held["pilotage", "API_TOKEN"] == "canary-value"
    listed = pilotage("secrets", "list")
    assert listed.out == "API_TOKEN\n"
    removed = pilotage("secrets", "rm", "API_TOKEN")
    assert removed.code == 0 and ("pilotage", "API_TOKEN") not in keyring.held
    assert pilotage("secrets", "list").out == ""
    assert "canary" not in kept.out + kept.err + listed.err + removed.err


def test_a_run_takes_from_the_keyring_what_nobody_gave(keyring: Trusted) -> None:
    keyring_values.keep("API_TOKEN", "value")
    values = SecretValues("shop/main", None)
    assert values.fetch(("API_TOKEN",), None)
    assert "API_TOKEN" in values.names()
    assert not values.fetch(("OTHER",), None)


def test_values_of_this_process_come_before_all_others(keyring: Trusted, monkeypatch: pytest.MonkeyPatch) -> None:
    from wizard.engine.values import SecretInput

    monkeypatch.setenv("PILOTAGE_SECRET_API_TOKEN", "environment")
    found = SecretValues("shop/main", None, {"API_TOKEN": "given"})(SecretInput("API_TOKEN"))
    assert found is not None and found.reveal() == "given"


@pytest.mark.parametrize("backend", [Plain(), Chain(Plain())], ids=["plain text", "a chain of plain text"])
def test_a_keyring_that_keeps_plain_text_is_refused_and_explained(
    pilotage: Pilotage, monkeypatch: pytest.MonkeyPatch, backend: Trusted
) -> None:
    use(monkeypatch, backend)
    type_in(monkeypatch, "canary-value")
    ran = pilotage("secrets", "set", "API_TOKEN")
    assert ran.code == 2 and not backend.held
    assert "keeps plain text" in ran.err and "--secrets-file" in ran.err and "canary" not in ran.err
    assert keyring_values.value_of("API_TOKEN") is None


def test_of_a_chain_the_first_trusted_one_is_used(pilotage: Pilotage, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = Trusted()
    use(monkeypatch, Chain(Plain(), trusted))
    type_in(monkeypatch, "value")
    assert pilotage("secrets", "set", "API_TOKEN").code == 0
    assert trusted.held["pilotage", "API_TOKEN"] == "value"


@pytest.mark.parametrize(("backend", "said"), [(Silent(), "did not answer"), (Refusing(), "it refused")])
def test_a_keyring_that_is_locked_is_told_soon_and_without_its_own_words(
    pilotage: Pilotage, monkeypatch: pytest.MonkeyPatch, backend: Trusted, said: str
) -> None:
    use(monkeypatch, backend)
    monkeypatch.setattr(keyring_values, "PATIENCE_SECONDS", 0.05)
    type_in(monkeypatch, "canary-value")
    ran = pilotage("secrets", "set", "API_TOKEN")
    assert ran.code == 2 and said in ran.err and "canary" not in ran.err


def test_a_value_on_the_command_line_is_refused_and_not_repeated(pilotage: Pilotage, keyring: Trusted) -> None:
    ran = pilotage("secrets", "set", "API_TOKEN=canary-value")
    assert ran.code == 2 and not keyring.held
    assert "canary" not in ran.err


@pytest.mark.parametrize("text", ["", "\n"])
def test_an_empty_value_is_no_value(
    pilotage: Pilotage, keyring: Trusted, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    type_in(monkeypatch, text)
    assert pilotage("secrets", "set", "API_TOKEN").code == 2
    assert not keyring.held


def test_removing_what_is_not_there_says_so(pilotage: Pilotage, keyring: Trusted) -> None:
    ran = pilotage("secrets", "rm", "API_TOKEN")
    assert ran.code == 2 and "the keyring has no API_TOKEN" in ran.err
