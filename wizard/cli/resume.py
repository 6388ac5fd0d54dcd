"""`pilotage resume`: do the command of an interrupted run again, with the blueprint and the options that it had."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from wizard.cli.consent import insist_on_consent
from wizard.cli.destroy import destroy_in
from wizard.cli.options import Options, common
from wizard.cli.replay import replay_in
from wizard.cli.report import SAFE_BEFORE, Report
from wizard.cli.run import Ending, Frame
from wizard.deployment.resuming import reopen
from wizard.deployment.runs import RunFolder, Runs
from wizard.errors import ExitCode, UsageError
from wizard.home import home


@click.command()
@click.argument("run", required=False)
@common("place", "run", "consent")
def resume(report: Report, options: Options, run: str | None) -> int:
    """Carry on the newest run on this machine that did not come to its end, or the RUN that is named."""
    runs = Runs(home())
    folder = runs.folder(run) if run else runs.unfinished()
    asked = folder.request() if folder else {}
    if run and not asked:
        raise _unknown(run, runs)

    def work(frame: Frame) -> Ending:
        if folder is None or (run and folder.is_finished()):
            report.data(f"run {run} came to its end; nothing to carry on" if run else "no run is unfinished here")
            return Ending("no_changes", ExitCode.OK)
        return _again(frame, folder, asked)

    if folder is not None and not folder.is_finished():
        insist_on_consent(report, options, "carrying on a run")
    return Frame(report, options).carry_out(work)


def _again(frame: Frame, folder: RunFolder, asked: dict[str, Any]) -> Ending:
    frame.report.tell(f"carrying on run {folder.run}: {asked['command']} {asked['deployment']}")
    frame.options = replace(frame.options, sandbox=frame.options.sandbox or bool(asked["request"].get("sandbox")))
    deployment = frame.opened(reopen(folder, frame.request()))
    may_delete_data = bool(asked.get("may_delete_data"))
    if asked["command"] == "destroy":
        return destroy_in(frame, deployment, may_delete_data=may_delete_data)
    return replay_in(frame, deployment, may_delete_data=may_delete_data)


def _unknown(run: str, runs: Runs) -> UsageError:
    known = [folder.run for folder in runs.of()[:5]]
    return UsageError(
        f"no run on this machine is called {run}",
        evidence=f"the newest here: {', '.join(known) or 'none'}",
        safe=SAFE_BEFORE,
        next_step="pilotage resume   carries on the newest unfinished one; after a change of machine, replay the file",
    )
