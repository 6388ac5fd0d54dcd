"""A person's yes: asked in a terminal after the plan was shown, given beforehand without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wizard.cli.options import Options
from wizard.cli.report import SAFE_BEFORE, Report
from wizard.errors import Interrupted, UsageError

if TYPE_CHECKING:
    from wizard.cli.run import Frame
    from wizard.deployment.opening import Deployment
    from wizard.engine.kind import Live
    from wizard.engine.plan import Plan

DELETE_DATA = "delete data"
"""What is typed when a whole environment goes, after its name."""


def insist_on_consent(report: Report, options: Options, what: str) -> None:
    """Raise `UsageError` when nobody can be asked and nobody said yes beforehand."""
    if options.yes or report.may_ask:
        return
    raise UsageError(
        f"{what} needs a yes, and there is no terminal to ask",
        evidence="without a terminal, or with --no-input or --json, nothing is asked",
        safe=SAFE_BEFORE,
        next_step="add --yes, or set PILOTAGE_YES=1   (blueprints have no key for it)",
    )


def agreed_to_plan(frame: Frame, deployment: Deployment, plan: Plan) -> bool:
    """Show the plan and ask whether to carry it out; from here on AWS may be changed."""
    if not frame.options.yes:
        from wizard.cli.lines import plan_line
        from wizard.cli.planned import plan_lines

        scale = deployment.connection.clock.scale
        for line in plan_lines(plan, scale):
            frame.report.say(line.text, line.style)
        frame.report.say()
        # A long plan has scrolled its sum away; whoever says yes has it before their eyes.
        sum_of_it = {"counts": plan.counts(), "monthly_usd": plan.monthly_usd, "expected_s": plan.seconds}
        frame.report.say(plan_line(sum_of_it, scale))
        _insist(frame.ask(f"Make it so in {deployment.connection.identity.place}? Type yes: "), "yes")
        lost = {c.address: c.id for c in plan.needed if c.risk and deployment.kinds[c.kind].data}
        if lost:
            _show_loss(frame, lost)
        for address in sorted(lost):
            # Among other changes a loss is easily overlooked: each is asked for by its name.
            _insist(frame.ask(f"Type {address} to delete its data: "), address)
    frame.begun = True
    return True


def agreed_to_removal(
    frame: Frame, deployment: Deployment, lives: Mapping[str, Live], *, may_delete_data: bool
) -> bool:
    """Show what would go and ask for the environment's name; for data, ask apart."""
    if not frame.options.yes:
        data = {live.address: live.id for live in lives.values() if deployment.kinds[_kind(live)].data}
        for live in sorted(lives.values(), key=lambda each: each.address):
            stays = live.address in data and not may_delete_data
            frame.report.say(f"  {' ' if stays else '-'} {live.address}{'   stays: it holds data' if stays else ''}")
        frame.report.say()
        place = deployment.connection.identity.place
        question = f"Remove this from {place}? Type the environment's name, {deployment.environment}: "
        _insist(frame.ask(question), deployment.environment)
        if data and may_delete_data:
            _show_loss(frame, data)
            _insist(frame.ask(f"Type {DELETE_DATA}: "), DELETE_DATA)
    frame.begun = True
    return True


def _show_loss(frame: Frame, data: Mapping[str, str]) -> None:
    """What holds data and would go: its address, and what AWS calls it."""
    frame.report.say()
    frame.report.say("This deletes data, after a final snapshot where AWS has one:", "bad")
    width = max(len(address) for address in data)
    for address, id_ in sorted(data.items()):
        frame.report.say(f"  - {address:<{width}}   {id_}", "bad")


def _kind(live: Live) -> str:
    return live.address.split(".")[0]


def _insist(answer: str, wanted: str) -> None:
    if answer != wanted:
        raise Interrupted(
            "not confirmed",
            evidence=f"the answer was not `{wanted}`",
            safe=SAFE_BEFORE,
            next_step="run the same command again when you are sure",
        )
