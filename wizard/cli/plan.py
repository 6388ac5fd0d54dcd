"""`pilotage plan`: what a replay would do. Changes nothing."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from wizard.cli.options import Options, common, option
from wizard.cli.report import Report
from wizard.cli.run import Ending, Frame
from wizard.errors import ExitCode, UsageError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="PLAN.json", help="Write the plan to a file.")
@option("--detailed-exitcode", is_flag=True, help="Exit with 3 when there are changes.")
@common("blueprint", "place", "run", "tag")
def plan(report: Report, options: Options, file: Path, out: Path | None, detailed_exitcode: bool) -> int:
    """Show what a replay of FILE would change, why, at which risk, what it costs and how long it takes."""

    def work(frame: Frame) -> Ending:
        from wizard.cli.lines import endpoint_warning, header, plan_line
        from wizard.cli.planned import plan_lines
        from wizard.deployment.opening import open_file
        from wizard.deployment.replaying import announce_plan
        from wizard.deployment.running import announce
        from wizard.deployment.saved_plan import save_plan

        deployment = frame.opened(open_file(file, frame.request()))
        announce(deployment, frame.events, "plan")
        found = deployment.plan()
        announce_plan(found, frame.events)
        progress = frame.picture.progress
        report.data(header(progress.head))
        for warning in endpoint_warning(options.sandbox):
            report.say(warning.text, warning.style)
        report.data(plan_line(progress.summary, progress.scale))
        for line in plan_lines(found, progress.scale):
            report.data(line.text, line.style)
        if out is not None:
            try:
                save_plan(found, out)
            except OSError as error:
                raise UsageError(
                    f"the plan cannot be written to {out}", evidence=str(error), next_step="give another --out"
                ) from None
            report.tell(
                f"written to {out}; to carry out exactly this: {_again(file, deployment.environment, out, options)}"
            )
        counts = found.counts()
        if not found.needed:
            return Ending("no_changes", ExitCode.OK, counts)
        return Ending("changes", ExitCode.CHANGES, counts) if detailed_exitcode else Ending("ok", ExitCode.OK, counts)

    return Frame(report, options, told=False).carry_out(work)


def _again(file: Path, environment: str, out: Path, options: Options) -> str:
    said = [f"--env {environment}", *(f"--set {shlex.quote(each)}" for each in options.sets)]
    said += [f"--tag {options.tag}"] if options.tag else []
    return f"pilotage replay {file} {' '.join(said)} --plan {out}{options.repeated()}"
