"""`pilotage doctor`: what works on this machine, what does not, what to type. Each check is one function."""

from __future__ import annotations

from dataclasses import asdict

import click

from wizard.cli.options import Options, common
from wizard.cli.report import Report
from wizard.errors import ExitCode


@click.command()
@common("place")
def doctor(report: Report, options: Options) -> int:
    """Check terminal, Python, credentials, keyring and container builder, and say what to type where one is missing.

    Exits with 0 when at least the sandbox can be used, with 5 when it cannot.
    """
    from wizard.cli import account_checks, machine_checks

    bad = False
    for check in (*machine_checks.CHECKS, *account_checks.CHECKS):
        for finding in check(options):
            bad = bad or (finding.needed and not finding.ok)
            report.json({"v": 1, "type": "check", **asdict(finding)})
            line = f"{'ok' if finding.ok else 'no'}  {finding.name:<18}  {finding.detail}"
            report.data(line if finding.ok or not finding.fix else f"{line}\n    {'':<18}  type: {finding.fix}")
    return int(ExitCode.PREFLIGHT if bad else ExitCode.OK)
