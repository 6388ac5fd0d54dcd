"""How a run ended, as rows: the address that answers, what was made, what it costs, what to type next."""

from __future__ import annotations

import time
from collections.abc import Iterator

from screens.bridge import BackgroundRun
from screens.dialogs import Confirm
from screens.styles import line, wrapped
from screens.widgets.rows import Row
from wizard.cli import words
from wizard.errors import PilotageError

PROBE_LIMIT_S = 8.0


def rows(run: BackgroundRun, width: int) -> list[Row]:
    """The receipt, or the reasons in four parts; nothing before the end."""
    if not run.over:
        return []
    found = list(_errors(run, width)) if _errors_of(run) else list(_receipt(run, width))
    # Each line can be reached, so that a long receipt scrolls.
    return [Row(row.text, row.key or f"line {number}") for number, row in enumerate(found)]


def _receipt(run: BackgroundRun, width: int) -> Iterator[Row]:
    result = run.result
    if result is None:
        return
    took = run.picture.progress.elapsed or result.seconds
    yield Row(line((f"{words.done(result.counts)} in {words.took(took)}", "good")))
    yield Row(line(""))
    yield from _outputs(run, width)
    yield from _next_steps(run, width)
    for what, reason in result.kept.items():
        for each in wrapped(f"stays  {what}: {reason}", width - 4, "wait"):
            yield Row(each)


def _outputs(run: BackgroundRun, width: int) -> Iterator[Row]:
    """Addresses first, for that is what somebody waited for; what has no room is on a line of its own."""
    outputs = {name: str(value) for name, value in run.result.outputs.items()} if run.result else {}
    longest = min(max((len(name) for name in outputs), default=0), 24)
    for name, value in sorted(outputs.items(), key=lambda each: not each[1].startswith("http")):
        key = f"out {value}"
        if longest + 2 + len(value) <= width - 4:
            yield Row(line((f"{name:<{longest}}  ", "quiet"), value), key)
        else:
            yield Row(line((name, "quiet")), key)
            for number, each in enumerate(wrapped(value, width - 6)):
                yield Row(line(f"  {each.plain}"), key if not number else "")
        if answered := run.probes.get(value, ""):
            style = "good" if answered.startswith("answers") else "wait"
            yield Row(line(" " * (longest + 2), (answered, style)))
    yield Row(line(""))


def _next_steps(run: BackgroundRun, width: int) -> Iterator[Row]:
    deployment = run.deployment
    if deployment is None:
        return
    where = " --sandbox" if deployment.request.sandbox else ""
    file, environment = deployment.document.file, deployment.environment
    steps = (
        (f"pilotage status {deployment.name}{where}", "what runs, healthy or not"),
        (f"pilotage console {deployment.name}{where}", "when it fails at night"),
        (f"pilotage replay {file} --env {environment} --yes{where}", "the same in CI"),
        (f"pilotage destroy {deployment.name}{where}", "remove everything; data stays"),
    )
    longest = max(len(command) for command, _ in steps)
    beside = longest + 2 + max(len(what) for _, what in steps) <= width - 4
    for command, what in steps:
        yield Row(line(f"{command:<{longest}}  ", (what if beside else "", "quiet")), f"type {command}")
        if not beside:
            yield Row(line((f"    {what}", "quiet")))


def value_at(key: str) -> str:
    """What the row of the result with this key is there for: an output, or a command; empty for other rows."""
    kind, _, value = key.partition(" ")
    return value if kind in ("out", "type") else ""


def _errors_of(run: BackgroundRun) -> list[PilotageError]:
    return [run.error] if run.error else list(run.result.errors) if run.result else []


def _errors(run: BackgroundRun, width: int) -> Iterator[Row]:
    for error in _errors_of(run):
        cause = error.diagnosis or {}
        parts = (
            ("what failed", str(cause.get("sentence") or error.summary), "bad"),
            ("why", str(cause.get("evidence") or error.evidence), ""),
            ("what is safe", str(cause.get("safe") or error.safe), ""),
            ("what to type", str(cause.get("command") or error.next_step), "strong"),
        )
        for title, text, style in parts:
            if not text:
                continue
            yield Row(line((title, "quiet")))
            for each in wrapped(text, width - 6, style):
                yield Row(line("  ", (each.plain, style)))
        yield Row(line(""))
    yield Row(line(("r", "key"), " retry: what stands is found, only what is missing is made"))
    yield Row(line(("u", "key"), " undo: remove what was made; data stays"))
    yield Row(line(("k", "key"), " keep: leave it as it is, and carry on later with pilotage resume"))


def probe(run: BackgroundRun) -> None:
    """Ask each address among the outputs from here; the sandbox's are names that lead nowhere."""
    deployment, result = run.deployment, run.result
    if deployment is None or result is None:
        return
    for value in map(str, result.outputs.values()):
        if not value.startswith(("https://", "http://")):
            continue
        if deployment.request.sandbox:
            run.probes[value] = "a rehearsal: nothing answers there"
        else:
            run.probes[value] = _answer_of(value)


def _answer_of(url: str) -> str:
    import urllib.error
    import urllib.request

    began = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=PROBE_LIMIT_S) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError as error:
        return f"does not answer from here yet: {getattr(error, 'reason', error)}"
    return f"answers {status} after {(time.monotonic() - began) * 1000:.0f} ms"


def undo_dialog(name: str) -> Confirm:
    """Asks for the environment's name before everything that was made is removed."""
    effects = [
        f"Removes everything that {name} made here, in order.",
        "Data (databases, buckets with content) stays and is listed.",
    ]
    return Confirm(f"Undo {name}", effects, name.split("/")[-1], same_as=f"pilotage destroy {name}", completes=False)


def parting_words(run: BackgroundRun, name: str) -> list[str]:
    """What is written once the terminal is given back."""
    if run.over and run.result is not None and run.result.exit_code == 0:
        return [f"{name}: {run.result.verdict}", *(f"{key}  {value}" for key, value in run.result.outputs.items())]
    said = [f"{name}: {'ended with an error' if run.over else 'stopped'}; nothing is lost, nothing is there twice"]
    for error in _errors_of(run):
        said += [error.summary, *([f"  why: {error.evidence}"] if error.evidence else [])]
    return [*said, "carry on with: pilotage resume"]
