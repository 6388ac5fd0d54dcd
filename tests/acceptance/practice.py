"""A practice account: one sandbox, its control endpoints, and `pilotage` as another program would run it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.ready import ReadyProcess
from wizard.aws import sandbox

ROOT = Path(__file__).resolve().parents[2]
RUN = "import sys; from wizard.cli import main; sys.exit(main())"
SECRETS = ROOT / "blueprints" / "practice.env"
REMEMBERED = ("inactive", "stopped", "deleted")
"""States in which AWS shows what is gone: clusters, services, task definitions, tasks, NAT gateways."""


AWS_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")
"""What AWS makes up inside the names of things that it makes itself."""


@dataclass(frozen=True)
class Finished:
    """A command that ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines of stdout."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def last(self) -> dict[str, Any]:
        """The last JSON line."""
        return self.lines[-1]


@dataclass(frozen=True)
class Practice:
    """One sandbox and the home that belongs to it."""

    home: Path
    scale: float
    ready: ReadyProcess | None = None
    """What carries commands out faster than a process that has everything still to load."""

    def environment(self) -> dict[str, str]:
        """What a command run here sees; nothing of the machine's AWS settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PILOTAGE_"))}
        return kept | {"PILOTAGE_HOME": str(self.home), "PILOTAGE_TIME_SCALE": str(self.scale), "NO_COLOR": "1"}

    def run(self, *arguments: str, timeout: float = 100, home: Path | None = None, **extra: str) -> Finished:
        """Run `pilotage` without a terminal."""
        environment = self.environment() | extra | ({"PILOTAGE_HOME": str(home)} if home else {})
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err, Path(os.devnull).open() as none:
            if self.ready:
                started = self.ready.run(arguments, environment, (none.fileno(), out.fileno(), err.fileno()))
                code = started.wait(timeout)
            else:
                command = [sys.executable, "-c", RUN, *arguments]
                code = subprocess.call(
                    command, cwd=ROOT, env=environment, stdin=none, stdout=out, stderr=err, timeout=timeout
                )
            out.seek(0)
            err.seek(0)
            return Finished(code, out.read(), err.read())

    def replay(self, file: str, *more: str, **options: Any) -> Finished:
        """Replay a starter in the sandbox with the practice secrets, as JSON lines."""
        arguments = ("replay", f"blueprints/{file}", "--sandbox", "--yes", "--json", "--secrets-file", str(SECRETS))
        return self.run(*arguments, *more, **options)

    def control(self, method: str, what: str, body: Mapping[str, Any] | None = None) -> Any:
        """Ask the sandbox itself, not its AWS."""
        endpoint = sandbox.find(self.home)
        assert endpoint is not None, "the sandbox does not run"
        request = urllib.request.Request(
            f"{endpoint.url}/_pilotage/{what}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def calls_since(self, number: int) -> list[dict[str, Any]]:
        """AWS calls that the sandbox served after this one."""
        found: list[dict[str, Any]] = self.control("GET", f"calls?since={number}")
        return found

    def last_call(self) -> int:
        """The number of the last call served."""
        calls = self.calls_since(0)
        return int(calls[-1]["seq"]) if calls else 0

    def inventory(self) -> list[dict[str, Any]]:
        """Everything that exists."""
        found: list[dict[str, Any]] = self.control("GET", "inventory")
        return found

    def reset(self) -> None:
        """A fresh world, and no memory of runs."""
        sandbox.reset(self.home)


def shape(inventory: list[dict[str, Any]]) -> Counter[tuple[str, str, str, str]]:
    """An inventory without what differs between two equal worlds: ids, run ids, network interfaces, the logbook."""
    return Counter(
        (item["service"], item["type"], _stable_name(item), item.get("tags", {}).get("pilotage:address", ""))
        for item in inventory
        if not is_logbook(item) and item["type"] != "network-interface" and item["type"] != "task"
    )


def is_left(item: Mapping[str, Any]) -> bool:
    """Whether this still counts as there after a destroy: not what AWS only remembers, and not the logbook."""
    return str(item.get("status", "")).lower() not in REMEMBERED and not is_logbook(item)


def is_logbook(item: Mapping[str, Any]) -> bool:
    """Pilotage's own bucket."""
    return item["service"] == "s3" and str(item["name"]).startswith("pilotage-")


def _stable_name(item: Mapping[str, Any]) -> str:
    name = str(item.get("name") or "")
    return "" if name == item.get("id") else AWS_ID.sub("*", name)
