"""`python -m wizard.sandbox --home DIR`: the embedded AWS as a process."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from wizard.sandbox import environment
from wizard.sandbox.server import Rooms, SandboxServer, serve


def _end(_signal: int, _frame: FrameType | None) -> None:
    """End at once: the world lives in memory only, and an orderly end would wait for requests in flight."""
    logging.shutdown()
    os._exit(0)


def main() -> None:
    """Start the sandbox; its log goes to the standard error stream."""
    arguments = argparse.ArgumentParser(prog="python -m wizard.sandbox", description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="folder for sandbox.json and the log")
    options = arguments.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("wizard.sandbox").setLevel(logging.INFO)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    environment.prepare()
    # Models are still being loaded when the first requests come; they should not wait 5 ms for each turn.
    sys.setswitchinterval(0.0005)
    serve(options.home, _load)


def _load(server: SandboxServer) -> Rooms:
    # Loading makes a million objects that stay; the collector would look at them again and again, for a third of the
    # time. It works again once everything is warm.
    gc.disable()
    from wizard.sandbox import aws_models  # moto reads the environment at import, and models too

    aws_models.read_each_once()
    from wizard.sandbox.loading import load

    return load(server)


if __name__ == "__main__":
    main()
