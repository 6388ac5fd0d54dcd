"""Where a secret's value comes from, and the only place that keeps it: this process's memory (CONTRACT §5)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from wizard.deployment.keyring_values import value_of
from wizard.engine.values import SecretInput, Sensitive
from wizard.errors import UsageError

Ask = Callable[[str], str | None]


class SecretValues:
    """Answers with a secret's value: the given file, then the environment, then what was fetched or asked for.

    `given` are values that somebody gave in this process already; they come first.
    """

    def __init__(self, deployment: str, file: Path | None, given: Mapping[str, str] | None = None) -> None:
        self._salt = f"pilotage|{deployment}".encode()
        self._from_file = {**(read_dotenv(file) if file else {}), **(given or {})}
        self._later: dict[str, str] = {}
        self._known: dict[str, Sensitive] = {}

    def names(self) -> frozenset[str]:
        """The names that have a value now."""
        prefix = "PILOTAGE_SECRET_"
        from_environment = {name.removeprefix(prefix) for name in os.environ if name.startswith(prefix)}
        return frozenset(self._from_file) | from_environment | frozenset(self._later)

    def __call__(self, wanted: SecretInput) -> Sensitive | None:
        """The value of one secret, None when nobody gave it."""
        if wanted.name not in self._known:
            value = self._value(wanted.name)
            if not value:
                return None
            self._known[wanted.name] = self._sealed(wanted.name, value)
        return self._known[wanted.name]

    def _value(self, name: str) -> str | None:
        return self._from_file.get(name) or os.environ.get(f"PILOTAGE_SECRET_{name}") or self._later.get(name)

    def fetch(self, names: tuple[str, ...], ask: Ask | None) -> bool:
        """Look for values that are still missing in the keyring, then ask. False when one stays missing."""
        for name in names:
            value = value_of(name) or (ask(name) if ask else None)
            if not value:
                return False
            self._later[name] = value
        return True

    def _sealed(self, name: str, value: str) -> Sensitive:
        """The fingerprint is a slow salted hash, because it becomes the version id that AWS shows."""
        digest = hashlib.scrypt(value.encode(), salt=self._salt + name.encode(), n=2**12, r=8, p=1, dklen=32)
        return Sensitive(digest.hex(), lambda: value)


def read_dotenv(file: Path) -> Mapping[str, str]:
    """The values of a dotenv file; raises `UsageError` when it is not there or no text."""
    from dotenv import dotenv_values

    if not file.is_file():
        raise UsageError(
            f"the secrets file {file} is not there",
            evidence="--secrets-file (or PILOTAGE_SECRETS_FILE) names it",
            safe="nothing was called",
            next_step="give the path of a dotenv file: NAME=value, one a line",
        )
    try:
        found = dotenv_values(file, interpolate=False)
    except UnicodeDecodeError:
        raise UsageError(
            f"the secrets file {file} is not text in UTF-8", safe="nothing was called", next_step="save it as UTF-8"
        ) from None
    return {name: value for name, value in found.items() if value}
