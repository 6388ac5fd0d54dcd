"""The world of one case, kept from one test to the next: most tests of the contract only look at what was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum

from tests.kinds.cases import Case
from tests.kinds.driver import Account, Builder
from wizard.engine.graph import Resource


class Scene(IntEnum):
    """How far a case has come; the next scene is made from the one before."""

    WORLD = 1
    """Everything but the subject."""
    MADE = 2
    """The subject too."""


class Stage:
    """Holds one account with the world of one case; a test that fails leaves nothing for the next."""

    def __init__(self, empty_account: Callable[[], Account]) -> None:
        self._empty_account = empty_account
        self._case: Case | None = None
        self._scene = Scene.WORLD
        self._builder: Builder

    def cleared(self) -> Account:
        """An empty account; what stood here is gone."""
        self._case = None
        return self._empty_account()

    @contextmanager
    def world(self, case: Case, leaves: Scene | None = Scene.WORLD) -> Iterator[Builder]:
        """Everything that the subject needs, and no subject; `leaves` is what the test leaves, None for a ruin."""
        if self._case is not case or self._scene is not Scene.WORLD:
            self._build(case)
        with self._watched(case, leaves) as builder:
            yield builder

    @contextmanager
    def made(self, case: Case, leaves: Scene | None = Scene.MADE) -> Iterator[Builder]:
        """The subject, as it is first made, and everything that it needs."""
        if self._case is not case:
            self._build(case)
        self._case = None
        if self._scene is Scene.WORLD:
            self._builder.converge(case.subject)
        with self._watched(case, leaves) as builder:
            yield builder

    def _build(self, case: Case) -> None:
        self._builder = build(self.cleared(), case, case.world)
        self._scene = Scene.WORLD

    @contextmanager
    def _watched(self, case: Case, leaves: Scene | None) -> Iterator[Builder]:
        """Hand the builder out; afterwards no verb may have called what its kind does not declare."""
        self._case = None
        yield self._builder
        assert self._builder.account.undeclared() == {}
        if leaves is not None:
            self._case, self._scene = case, leaves


def build(account: Account, case: Case, resources: Sequence[Resource]) -> Builder:
    """Make resources of a case in an account."""
    case.prepare(account.aws)
    builder = Builder(account, account.context())
    builder.build(resources)
    return builder
