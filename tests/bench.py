"""`make bench`: how fast it is, as ratios where a time alone would say nothing. Prints a table, asserts nothing.

The sandbox runs at sixty times the pace of AWS and takes 40 ms for each call; times are wall-clock medians.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests import bench_console, bench_screens
from tests.acceptance.practice import ROOT, RUN, SECRETS, Practice
from wizard.aws import sandbox

SCALE = 60.0
LATENCY_MS = 40
STARTUP_RUNS = 7


@dataclass(frozen=True)
class Timed:
    """One finished command."""

    seconds: float
    megabytes: float
    code: int
    stdout: str


def timed(practice: Practice, *arguments: str) -> Timed:
    """Run `pilotage` and measure it from outside."""
    with tempfile.TemporaryFile("w+") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, *arguments],
            cwd=ROOT,
            env=practice.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return Timed(seconds, usage.ru_maxrss / 1024, process.returncode, output.read())


def row(label: str, value: str, goal: str = "") -> None:
    """One line of the table."""
    print(f"{label:<58}{value:>16}   {goal}", flush=True)


def startup(practice: Practice) -> None:
    """How long the quick commands take."""
    for label, arguments, goal in (
        ("pilotage --version", ("--version",), "under 150 ms"),
        ("pilotage validate fasttriage.yaml", ("validate", "blueprints/fasttriage.yaml"), "under 500 ms"),
    ):
        runs = [timed(practice, *arguments).seconds for _ in range(STARTUP_RUNS)]
        row(label, f"{statistics.median(runs) * 1000:.0f} ms", goal)


def main_job(practice: Practice, file: str, name: str, *options: str) -> None:
    """Make a starter, replay it, take it down."""
    arguments = ("replay", f"blueprints/{file}", "--sandbox", "--yes", "--json", "--secrets-file", str(SECRETS))
    practice.reset()
    practice.control("POST", "latency", {"ms": LATENCY_MS})
    made = timed(practice, *arguments, *options)
    lines = [line for line in made.stdout.splitlines() if '"change_summary"' in line]
    expected = _number_after(lines[0], '"expected_s":') / SCALE if lines else 0.0
    row(f"{name}: made in", f"{made.seconds:.1f} s", f"exit code {made.code}")
    row(f"{name}: critical path of the plan", f"{expected:.1f} s")
    row(f"{name}: made / critical path", f"{made.seconds / max(expected, 0.1):.3f}", "at most 1.15")
    row(f"{name}: memory", f"{made.megabytes:.0f} MB", "under 200 MB")
    calls = practice.calls_since(0)
    by_service = Counter(call["service"] for call in calls)
    row(f"{name}: calls", str(len(calls)), " ".join(f"{service} {n}" for service, n in by_service.most_common()))
    before = practice.last_call()
    again = timed(practice, *arguments, *options)
    calls = practice.calls_since(before)
    row(f"{name}: replayed in", f"{again.seconds:.1f} s", f"exit code {again.code}")
    row(f"{name}: calls of a replay", str(len(calls)), f"{sum(c['mutating'] for c in calls)} of them mutating")
    gone = timed(practice, "destroy", name, "--sandbox", "--yes", "--yes-delete-data", "--json")
    row(f"{name}: taken down in", f"{gone.seconds:.1f} s", f"exit code {gone.code}")


ALL = (
    ("carepolicy-hub", "main"),
    ("carepolicy-hub-apprunner", "main"),
    ("carepolicy-hub-express", "main"),
    ("chatkit", "main"),
    ("augmed", "main"),
    ("fasttriage", "dev"),
    ("fasttriage", "prod"),
    ("rung", "dev"),
    ("rung", "prod"),
)
"""Every starter and environment."""


def critical_paths(practice: Practice) -> None:
    """Each starter against its critical path, without latency: all of the command, and its work in AWS alone."""
    secrets = practice.home / "without-mongo.env"
    # With an address of a MongoDB given, no DocumentDB would be made.
    kept = [line for line in SECRETS.read_text().splitlines() if not line.startswith("MONGO_URI")]
    secrets.write_text("\n".join(kept))
    for starter, environment in ALL:
        given = str(secrets if (starter, environment) == ("fasttriage", "prod") else SECRETS)
        arguments = ["replay", f"blueprints/{starter}.yaml", "--sandbox", "--yes", "--json", "--secrets-file", given]
        practice.reset()
        made = timed(practice, *arguments, *(["--env", environment] if environment != "main" else []))
        events = [json.loads(line) for line in made.stdout.splitlines()]
        path = next((e["detail"]["expected_s"] for e in events if e["type"] == "change_summary"), 0) / SCALE
        moments = [datetime.fromisoformat(e["at"]) for e in events if e["type"] in ("apply_start", "apply_complete")]
        work = (moments[-1] - moments[0]).total_seconds() if moments else 0.0
        label = f"{starter} {environment}: made / critical path ({path:.1f} s)"
        row(label, f"{made.seconds / max(path, 0.1):.3f}", f"at most 1.15; {work / max(path, 0.1):.3f} in AWS alone")


def _number_after(line: str, mark: str) -> float:
    return float(line.split(mark)[1].split(",")[0].rstrip("}"))


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        practice = Practice(Path(folder), SCALE)
        startup(practice)
        bench_screens.bench(row, practice.home)
        bench_console.bench(row, practice.home)
        sandbox.wait_until_warm(sandbox.start(practice.home, SCALE))
        try:
            main_job(practice, "fasttriage.yaml", "fasttriage/dev", "--env", "dev")
            main_job(practice, "carepolicy-hub.yaml", "carepolicy-hub/main")
            critical_paths(practice)
        finally:
            sandbox.stop(practice.home)


if __name__ == "__main__":
    main()
