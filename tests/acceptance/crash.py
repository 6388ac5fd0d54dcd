"""The crash sweep: kill a run before or after its n-th change, run it again, compare the world with an untouched one.

    python -m tests.acceptance.crash HOME STARTER PHASE:NUMBER ...    (or: all)

Runs as a program of its own, because each run is a fork of a process that has imported everything: half a second
instead of two. Prints one JSON line a kill: {"kill", "died", "code", "missing", "extra"}.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.acceptance.practice import SECRETS, Practice, shape

KILLED = 99
OPTIONS = {"fasttriage.yaml": ("--env", "dev")}


def replay_in_fork(practice: Practice, file: str, kill: str = "") -> int:
    """Replay a starter in a child process, killed at `phase:number` of its changes; returns the exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    silent = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(silent, handle)
    os.environ.update(practice.environment())
    try:
        os._exit(_replay(file, kill))
    finally:
        os._exit(1)


def _replay(file: str, kill: str) -> int:
    from wizard.cli import main

    if kill:
        _arm(*kill.split(":"))
    sys.argv = ["pilotage", "replay", f"blueprints/{file}", "--sandbox", "--yes", "--json"]
    sys.argv += ["--secrets-file", str(SECRETS), *OPTIONS.get(file, ())]
    try:
        return int(main() or 0)
    except SystemExit as end:
        return int(end.code or 0)


def _arm(phase: str, number: str) -> None:
    """Make the process die at a change. Dying is `_exit`: nothing is flushed, no handler runs."""
    from wizard.aws.calls import AwsCalls

    count = 0
    lock = threading.Lock()
    attempt = AwsCalls._attempt

    def counted(self: AwsCalls, service: str, operation: str, params: dict[str, Any], mutating: bool) -> dict[str, Any]:
        nonlocal count
        mine = -1
        if mutating:
            with lock:
                mine, count = count, count + 1
        if mine == int(number) and phase == "before":
            os._exit(KILLED)
        try:
            return attempt(self, service, operation, params, mutating)
        finally:
            if mine == int(number) and phase == "after":
                os._exit(KILLED)

    AwsCalls._attempt = counted  # type: ignore[method-assign]


def sweep(practice: Practice, file: str, kills: list[str]) -> Iterator[dict[str, Any]]:
    """Every kill in turn, each on a fresh world."""
    _fresh(practice)
    if replay_in_fork(practice, file) != 0:
        raise SystemExit("the untouched run did not end well")
    untouched = shape(practice.inventory())
    changes = sum(1 for call in practice.calls_since(0) if call["mutating"])
    if kills == ["all"]:
        kills = [f"{phase}:{number}" for number in range(changes) for phase in ("before", "after")]
    for kill in kills:
        _fresh(practice)
        died = replay_in_fork(practice, file, kill) == KILLED
        code = replay_in_fork(practice, file)
        world = shape(practice.inventory())
        missing, extra = untouched - world, world - untouched
        yield {"kill": kill, "died": died, "code": code, "missing": sorted(missing), "extra": sorted(extra)}


def _fresh(practice: Practice) -> None:
    practice.reset()
    shutil.rmtree(practice.home / "runs", ignore_errors=True)


def main() -> None:
    """Run from the command line."""
    import wizard.cli
    import wizard.deployment.replaying
    import wizard.kinds.registry

    wizard.kinds.registry.all_kinds()
    home, file, *kills = sys.argv[1:]
    practice = Practice(Path(home), float(os.environ["PILOTAGE_TIME_SCALE"]))
    for result in sweep(practice, file, kills):
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
