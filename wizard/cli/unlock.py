"""`pilotage unlock`: who holds a deployment's lock, and taking it away when its run is dead."""

from __future__ import annotations

import click

from wizard.aws.lock import LOCK_NAME
from wizard.cli.consent import insist_on_consent
from wizard.cli.options import Options, common
from wizard.cli.report import Report
from wizard.cli.run import Ending, Frame
from wizard.cli.target import full_name
from wizard.errors import ExitCode, Interrupted


@click.command()
@click.argument("target", metavar="APP/ENV")
@common("place", "consent")
def unlock(report: Report, options: Options, target: str) -> int:
    """Show who holds the lock of a deployment, and with a yes take it away.

    Do so only when that run is dead: a living one stops as soon as it notices. A lock of this machine never needs it.
    """
    name = full_name(target, options)

    def work(frame: Frame) -> Ending:
        from wizard.deployment.opening import Connection

        connection = Connection(frame.request(), None)
        report.tell(f"{name}  {connection.identity.place}", "strong")
        logbook = connection.logbook()
        found = logbook.get(name, LOCK_NAME)
        if found is None:
            report.data(f"{name} is not locked")
            return Ending("no_changes", ExitCode.OK)
        body = found.body
        report.data(
            f"held by {body.get('who')} on {body.get('host')} (process {body.get('pid')}): {body.get('command')}, "
            f"run {body.get('run')}, since {body.get('since')}; last sign of life {found.age_seconds:.0f} s ago"
        )
        insist_on_consent(report, options, "taking a lock away")
        if not options.yes and frame.ask("Take it away? Type yes: ") != "yes":
            raise Interrupted("not confirmed", evidence="the answer was not `yes`")
        logbook.delete(name, LOCK_NAME)
        report.data("the lock is taken away; replay or resume to carry on")
        return Ending("ok", ExitCode.OK)

    return Frame(report, options).carry_out(work)
