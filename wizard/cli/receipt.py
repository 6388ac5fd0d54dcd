"""What a run leaves in a person's hands: result and addresses, what it costs, how to undo it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wizard.cli import words
from wizard.cli.lines import header
from wizard.cli.run import Frame
from wizard.deployment.opening import Deployment
from wizard.deployment.replaying import Result

DONE_COLUMN = 24


def replayed(frame: Frame, deployment: Deployment, result: Result) -> None:
    """The end of a replay: one line of words, and the receipt as `name  value` lines of data."""
    frame.picture.close()
    report, progress = frame.report, frame.picture.progress
    undo = f"pilotage destroy {deployment.name}{frame.options.repeated()}"
    if result.exit_code == 0:
        said = sentence(result, progress.elapsed)
        url = first_url(result.outputs)
        report.tell(f"done   {said:<{DONE_COLUMN}}  {url}".rstrip(), "good")
        report.tell(f"       undo: {undo}")
    else:
        told = [f"{progress.done} of {progress.total} steps done"]
        told += [f"{number} {word}" for number, word in ((progress.failed, "failed"), (progress.skipped, "skipped"))]
        report.tell(f"{result.verdict}   {', '.join(told)}, in {words.took(progress.elapsed)}", "bad")
        return
    rows = [("deployment", header(progress.head)), ("run", result.run), ("result", said)]
    rows += [(name, plain(value)) for name, value in sorted(result.outputs.items())]
    rows.append(("costs", words.money(float(progress.summary.get("monthly_usd", 0.0)))))
    rows.append(("undo", undo))
    for line in words.table([tuple(row) for row in rows]):
        report.data(line)


def removed(frame: Frame, deployment: Deployment, result: Result) -> None:
    """The end of a removal: what is gone, and everything that stays, each with its reason."""
    frame.picture.close()
    report, progress = frame.report, frame.picture.progress
    place = header(progress.head)
    if result.verdict == "no_changes":
        report.data(f"nothing of {place} is there; nothing was deleted")
        return
    gone = f"{result.counts.get('delete', 0)} of {progress.total} deleted in {words.took(progress.elapsed)}"
    report.data(f"{place}   {result.verdict}: {gone}")
    if result.exit_code:
        report.data("what is not deleted yet is still there")
    elif result.kept:
        report.data(f"stays ({len(result.kept)}):")
        for line in words.table([(f"  {what}", reason) for what, reason in sorted(result.kept.items())]):
            report.data(line)


def sentence(result: Result, elapsed: float) -> str:
    """`58 created in 69 s`, or that nothing had to be done."""
    if result.verdict == "no_changes":
        return "nothing to do"
    return f"{words.done(result.counts)} in {words.took(elapsed)}"


def first_url(outputs: Mapping[str, Any]) -> str:
    """The address that people want first."""
    if isinstance(outputs.get("url"), str):
        return str(outputs["url"])
    urls = [value for _, value in sorted(outputs.items()) if isinstance(value, str) and value.startswith("http")]
    return next((url for url in urls if url.startswith("https://")), urls[0] if urls else "")


def plain(value: Any) -> str:
    """An output's value on one line."""
    return value if isinstance(value, str) else json.dumps(value, default=str)
