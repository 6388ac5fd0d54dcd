"""Runs the work on a thread of its own, so that the main thread is free for signals and for questions.

Python hands signals to the main thread only, between two of its steps; were it busy in the engine or in a locked
stream, a handler could neither speak nor leave.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Foreman:
    """Carries out one piece of work; `on_signal` is called on the main thread for each signal that asks to stop."""

    def __init__(self, on_signal: Callable[[], None]) -> None:
        self._on_signal = on_signal
        self._inbox: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._asking = False

    def carry_out(self, work: Callable[[], T]) -> T:
        """Do the work and return what it returns, or raise what it raises."""
        result: Future[T] = Future()

        def labour() -> None:
            _settle(result, work)
            self._inbox.put(None)

        threading.Thread(target=labour, name="work", daemon=True).start()
        while (question := self._inbox.get()) is not None:
            question()
        return result.result()

    def ask(self, question: Callable[[], T]) -> T:
        """Put a question on the main thread, from the work. A signal while it waits raises `KeyboardInterrupt`."""
        answer: Future[T] = Future()

        def put() -> None:
            self._asking = True
            try:
                _settle(answer, question)
            finally:
                self._asking = False

        self._inbox.put(put)
        return answer.result()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear signals, from before the work until its end is told."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        # A process started with nohup has to go on when its terminal hangs up.
        taken = [each for each in SIGNALS if each != SIGNALS[-1] or signal.getsignal(each) is not signal.SIG_IGN]
        before = {number: signal.signal(number, self._signalled) for number in taken}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _signalled(self, _number: int, _frame: Any) -> None:
        if self._asking:
            raise KeyboardInterrupt
        self._on_signal()


def _settle(future: Future[T], function: Callable[[], T]) -> None:
    try:
        future.set_result(function())
    except BaseException as error:  # noqa: BLE001 - it is raised again on the thread that waits for the future
        future.set_exception(error)
