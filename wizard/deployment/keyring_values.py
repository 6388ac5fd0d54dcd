"""Secret values in the operating system's keyring: on this machine, for this person, never in a file of ours.

A keyring may wait for a person at a desktop for ever, so each question to it has a time limit. Backends that keep
plain text, keep nothing, or ask for a password on the terminal are not used.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from wizard.errors import UsageError

T = TypeVar("T")
SERVICE = "pilotage"
NAMES = "pilotage names"
"""The service under which the list of kept names stands: keyrings cannot list what they hold."""
PATIENCE_SECONDS = 5.0
TRUSTED = ("SecretService", "libsecret", "macOS", "Windows", "kwallet")
"""Backends of `keyring.backends` that belong to an operating system or desktop."""


class KeyringError(UsageError):
    """The keyring cannot be used, or does not answer."""


def keep(name: str, value: str) -> None:
    """Store a value. Raises KeyringError."""
    backend = _backend()
    names = _names(backend) | {name}
    _within(lambda: backend.set_password(SERVICE, name, value))
    _write_names(backend, names)


def forget(name: str) -> bool:
    """Remove a value; False when there was none. Raises KeyringError."""
    backend = _backend()
    names = _names(backend) - {name}
    there = _within(lambda: backend.get_password(SERVICE, name)) is not None
    if there:
        _within(lambda: backend.delete_password(SERVICE, name))
    _write_names(backend, names)
    return there


def kept() -> list[str]:
    """The names of the stored values, without the values. Raises KeyringError."""
    return sorted(_names(_backend()))


def value_of(name: str) -> str | None:
    """A stored value; None when there is none or no keyring answers."""
    try:
        backend = _backend()
        found: str | None = _within(lambda: backend.get_password(SERVICE, name))
    except KeyringError:
        return None
    return found


@lru_cache(maxsize=1)
def is_usable() -> bool:
    """Whether a keyring that keeps secrets safely answers."""
    try:
        _names(_backend())
    except KeyringError:
        return False
    return True


def _names(backend: Any) -> set[str]:
    found: str | None = _within(lambda: backend.get_password(NAMES, NAMES))
    return set(found.split("\n")) - {""} if found else set()


def _write_names(backend: Any, names: set[str]) -> None:
    _within(lambda: backend.set_password(NAMES, NAMES, "\n".join(sorted(names))))


def _backend() -> Any:
    """The backend in use, or the first trusted one of several. Raises KeyringError when none is trusted."""
    import keyring

    chosen = _within(keyring.get_keyring)
    for each in (chosen, *getattr(chosen, "backends", ())):
        if _is_trusted(each):
            return each
    kind = type(chosen)
    raise KeyringError(
        "there is no keyring that keeps secrets safely",
        evidence=f"keyring offers {kind.__module__}.{kind.__name__}, which keeps plain text, keeps nothing, or asks "
        "for a password itself",
        safe="nothing was stored",
        next_step="give values by --secrets-file FILE or PILOTAGE_SECRET_<NAME>; on Linux a keyring needs a desktop "
        "session with GNOME Keyring or KWallet",
    )


def _is_trusted(backend: object) -> bool:
    module = type(backend).__module__
    return module.startswith("keyring.backends.") and module.rsplit(".", 1)[-1] in TRUSTED


def _within(ask: Callable[[], T]) -> T:
    """The answer, or KeyringError after five seconds or a refusal, whose words may hold anything and are not told."""
    found: list[T] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            found.append(ask())
        except Exception as error:  # noqa: BLE001 - told below, on the thread that asked
            failed.append(error)

    thread = threading.Thread(target=work, name="keyring", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    if found:
        return found[0]
    what = f"it refused ({type(failed[0]).__name__})" if failed else "it did not answer within five seconds"
    raise KeyringError(
        "the keyring cannot be used",
        evidence=f"{what}; it may be locked, and wait for a person at the desktop",
        safe="nothing was stored",
        next_step="unlock it, or give values by --secrets-file FILE or PILOTAGE_SECRET_<NAME>",
    )
