"""One line asked of a person, through questionary: for screen readers, poor terminals, and those who prefer it.

Questions are words, so they go to stderr. Nothing is filled in beforehand: a line that is sent whole is taken whole.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from wizard.cli.report import harmless

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

MASK = "•"
HANG_UPS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
PLAIN_AGAIN = "\x1b[?2004l\x1b[?25h"
"""No bracketed paste, and a cursor that can be seen."""


@contextlib.contextmanager
def asking(*, silent: bool = True) -> Iterator[None]:
    """While questions are asked: a polite kill or a terminal that goes away ends one as Ctrl-C does.

    A signal may come between any two steps of the prompt, so the terminal is put back as it was in any case. `silent`
    has the terminal not show by itself what is typed, for prompts that do.
    """
    restore = _silenced() if silent else _nothing
    before = {number: signal.signal(number, _interrupt) for number in HANG_UPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        restore()


def _nothing() -> None:
    """There is nothing to put back."""


def _interrupt(_number: int, _frame: Any) -> None:
    from prompt_toolkit.application import get_app_or_none

    running = get_app_or_none()
    if running is None or not running.is_running or running.is_done:
        raise KeyboardInterrupt
    running.exit(exception=KeyboardInterrupt)


def _silenced() -> Callable[[], None]:
    """Stop the terminal from showing what is typed between two prompts; what puts it back as it was."""
    try:
        import termios

        number = sys.stdin.fileno()
        attributes = termios.tcgetattr(number)
    except (ImportError, OSError, ValueError):
        return _nothing
    except termios.error:
        return _nothing
    # What is typed or pasted before a prompt is there would be shown by the terminal itself, secrets too.
    silent = [*attributes[:3], attributes[3] & ~termios.ECHO, *attributes[4:]]
    termios.tcsetattr(number, termios.TCSANOW, silent)

    def restore() -> None:
        # The terminal may be gone by now: then there is nothing to put back.
        with contextlib.suppress(OSError, ValueError, termios.error):
            termios.tcsetattr(number, termios.TCSANOW, attributes)
            sys.stderr.write(PLAIN_AGAIN)
            sys.stderr.flush()

    return restore


class Prompter:
    """Asks, with what was typed before within reach of the arrow keys."""

    silent = True
    """It shows itself what is typed."""

    def __init__(self, *, colour: bool) -> None:
        # Without this, prompt_toolkit asks the terminal where its cursor is, and complains when nobody answers.
        os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")
        from prompt_toolkit.history import InMemoryHistory
        from prompt_toolkit.output import ColorDepth, create_output

        self._depth = None if colour else ColorDepth.DEPTH_1_BIT
        self._history = InMemoryHistory()
        self._output = create_output(stdout=sys.stderr)

    def line(self, label: str) -> str:
        """One line. Raises KeyboardInterrupt for Ctrl-C and EOFError for Ctrl-D."""
        return self._ask(label, history=self._history)

    def variables(self, label: str) -> str:
        """Several lines NAME=value, of which the values are not shown; an empty line ends them.

        A line without `=` is an answer by itself. All lines are read by one prompt: between two prompts the terminal
        would show what is pasted.
        """
        from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput

        class Masked(Processor):
            """Shows a dot for each character behind the first `=` of a line."""

            def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
                return Transformation(_masked(transformation_input.fragments))

        return self._ask(label, multiline=True, key_bindings=_ends_with_empty_line(), input_processors=[Masked()])

    def _ask(self, label: str, **settings: Any) -> str:
        import questionary

        # Several lines get an instruction of questionary's own unless they have one.
        instruction = " " if settings.get("multiline") else None
        question = questionary.text(harmless(label), qmark="", instruction=instruction, output=self._output, **settings)
        answer: str = question.unsafe_ask()
        return answer


class DumbPrompter:
    """Asks where the terminal can do nothing but write lines: no keys, no colours, no cursor."""

    silent = False
    """The terminal shows what is typed."""

    def line(self, label: str) -> str:
        """One line. Raises KeyboardInterrupt for Ctrl-C and EOFError for Ctrl-D."""
        sys.stderr.write(harmless(label))
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    def variables(self, label: str) -> str:
        """Several lines NAME=value that are not shown; an empty line, or one without `=`, ends them."""
        from getpass import getpass

        lines = [getpass(f"{harmless(label)}(not shown) ", sys.stderr)]
        while "=" in lines[-1]:
            lines.append(getpass("next: ", sys.stderr))
        return "\n".join(lines)


def _masked(fragments: StyleAndTextTuples) -> StyleAndTextTuples:
    shown: StyleAndTextTuples = []
    value = False
    for fragment in fragments:
        text = ""
        for character in fragment[1]:
            text += MASK if value and character != "\n" else character
            value = character != "\n" and (value or character == "=")
        shown.append((fragment[0], text))
    return shown


def _ends_with_empty_line() -> KeyBindings:
    from prompt_toolkit.key_binding import KeyBindings

    bindings = KeyBindings()

    @bindings.add("enter")
    def _enter(event: KeyPressEvent) -> None:
        document = event.current_buffer.document
        alone = document.line_count == 1 and "=" not in document.text
        if alone or not document.current_line.strip():
            event.current_buffer.validate_and_handle()
        else:
            event.current_buffer.insert_text("\n")

    return bindings
