"""The command line. `main` is the entry point; everything else is imported only when it is needed."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line and return its exit code (CONTRACT §3)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        from wizard import __version__

        sys.stdout.write(f"pilotage {__version__}\n")
        return 0
    # AWS's models are megabytes of long-lived objects: looking for garbage among them costs a tenth of a start.
    gc.set_threshold(400_000, 20, 20)
    try:
        from wizard.cli.entry import enter

        code = enter(given)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was changed\n")
        code = 130
    if arguments is None:
        # Everything is said; a signal while Python shuts down must not change the exit code.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # The last collection would walk through those models for 0.4 seconds and find nothing.
        gc.freeze()
    return code
