"""`pilotage preflight`: everything that can be known to fail, in one list, before the first create. Reads only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.cli import words
from wizard.cli.options import Options, common
from wizard.cli.report import Report
from wizard.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.advice.preflight import Checked
    from wizard.deployment.opening import Deployment
    from wizard.deployment.request import Request

SIGNS = {"ok": "ok", "fails": "no", "not checked": "? "}
STYLES = {"ok": "good", "fails": "bad", "not checked": "wait"}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@common("blueprint", "place", "tag")
def preflight(report: Report, options: Options, file: Path) -> int:
    """Check all that FILE needs before anything is made: rights, quotas, names, secrets, images, domain, account.

    Exits with 5 when something would fail, with 0 otherwise. What cannot be asked is "not checked", with the reason.
    """
    from wizard.cli.run import looked_at

    def look(request: Request) -> int:
        from wizard.advice.preflight import State
        from wizard.deployment.opening import open_file
        from wizard.deployment.preflight import preflight as checked

        deployment = open_file(file, request)
        checks = checked(deployment)
        code = ExitCode.PREFLIGHT if any(each.state is State.FAILS for each in checks) else ExitCode.OK
        _print(report, deployment, checks, code)
        return int(code)

    return looked_at(report, options, look)


def _print(report: Report, deployment: Deployment, checks: Sequence[Checked], code: ExitCode) -> None:
    from wizard.advice.preflight import State

    identity = deployment.connection.identity
    about = {"v": 1, "type": "preflight", "deployment": deployment.name, "place": identity.place}
    report.data(f"{deployment.name}  {identity.place}")
    wide = max(len(str(check.topic)) for check in checks)
    for check in checks:
        report.json({**about, "type": "check", **check.as_json()})
        sign = report.styled(SIGNS[str(check.state)], STYLES[str(check.state)])
        report.data(f"{sign}  {check.topic!s:<{wide}}  {check.subject}: {check.evidence}")
        if check.next_step:
            report.data(f"    {'':<{wide}}  type: {check.next_step}")
    counts = {str(state): sum(check.state is state for check in checks) for state in State}
    report.json({**about, "counts": counts, "exit_code": int(code)})
    report.data()
    report.data(_sum(counts))


def _sum(counts: dict[str, int]) -> str:
    if not counts["fails"]:
        rest = f", {counts['not checked']} could not be checked" if counts["not checked"] else ""
        return f"nothing that was checked would fail{rest}"
    return f"{words.counted(counts['fails'], 'thing')} would fail; nothing was created"
