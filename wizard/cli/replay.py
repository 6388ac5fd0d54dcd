"""`pilotage replay`: plan a blueprint, then make it so."""

from __future__ import annotations

from pathlib import Path

import click

from wizard.cli.consent import agreed_to_plan, insist_on_consent
from wizard.cli.options import Options, common, option
from wizard.cli.report import Report
from wizard.cli.run import Ending, Frame, tell_errors
from wizard.deployment.opening import Deployment
from wizard.deployment.saved_plan import SavedPlan


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    metavar="PLAN.json",
    help="Carry out exactly this plan of `pilotage plan --out`, or nothing.",
)
@option("--yes-delete-data", is_flag=True, help="Data may be deleted, after a final snapshot.")
@common("blueprint", "place", "run", "tag", "consent")
def replay(report: Report, options: Options, file: Path, plan_file: Path | None, yes_delete_data: bool) -> int:
    """Plan FILE, then make it so. The same file twice changes nothing the second time."""
    insist_on_consent(report, options, "a replay")

    def work(frame: Frame) -> Ending:
        from wizard.deployment.opening import open_file

        saved = SavedPlan.load(plan_file) if plan_file else None
        deployment = frame.opened(open_file(file, frame.request()))
        return replay_in(frame, deployment, saved=saved, may_delete_data=yes_delete_data)

    return Frame(report, options).carry_out(work)


def replay_in(
    frame: Frame, deployment: Deployment, *, saved: SavedPlan | None = None, may_delete_data: bool = False
) -> Ending:
    """Replay an opened deployment in a frame, and hand out the receipt."""
    from wizard.cli.receipt import replayed
    from wizard.deployment.replaying import replay as make_it_so

    result = make_it_so(
        deployment,
        frame.events,
        lambda plan: agreed_to_plan(frame, deployment, plan),
        frame.stopping,
        saved=saved,
        may_delete_data=may_delete_data,
    )
    replayed(frame, deployment, result)
    tell_errors(frame, result)
    return Ending.of(result)
