"""`pilotage destroy`: take a deployment down, in order. Data stays unless that is said apart."""

from __future__ import annotations

import click

from wizard.cli.consent import agreed_to_removal, insist_on_consent
from wizard.cli.options import Options, common, option
from wizard.cli.report import Report
from wizard.cli.run import Ending, Frame, tell_errors
from wizard.deployment.opening import Deployment


@click.command()
@click.argument("target", metavar="APP/ENV|FILE")
@option("--yes-delete-data", is_flag=True, help="Delete data too, after a final snapshot.")
@common("blueprint", "place", "consent")
def destroy(report: Report, options: Options, target: str, yes_delete_data: bool) -> int:
    """Remove a deployment, named APP/ENV or by its blueprint FILE with --env.

    Data stays, and is listed, unless --yes-delete-data is given.
    """
    insist_on_consent(report, options, "a removal")

    def work(frame: Frame) -> Ending:
        from wizard.cli.target import open_target

        deployment = frame.opened(open_target(target, options, frame.request()))
        return destroy_in(frame, deployment, may_delete_data=yes_delete_data)

    return Frame(report, options).carry_out(work)


def destroy_in(frame: Frame, deployment: Deployment, *, may_delete_data: bool) -> Ending:
    """Remove an opened deployment in a frame, and list what stays."""
    from wizard.cli.receipt import removed
    from wizard.deployment.removing import destroy as take_down

    result = take_down(
        deployment,
        frame.events,
        lambda lives: agreed_to_removal(frame, deployment, lives, may_delete_data=may_delete_data),
        frame.stopping,
        may_delete_data=may_delete_data,
    )
    removed(frame, deployment, result)
    tell_errors(frame, result)
    return Ending.of(result)
