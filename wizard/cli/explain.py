"""`pilotage explain`: what an exit code, an error code of AWS or a cause of failure means, and what to do."""

from __future__ import annotations

from dataclasses import asdict

import click

from wizard.cli.options import Options, common
from wizard.cli.report import Report
from wizard.errors import UsageError


@click.command()
@click.argument("code")
@common()
def explain(report: Report, options: Options, code: str) -> int:
    """Say what CODE means and what to do.

    CODE is an exit code of Pilotage or of a container, an error, stop or target code of AWS, or a cause that a
    diagnosis names: image-not-found.
    """
    from wizard.advice import explain as codes

    found = codes.explain(code)
    if found is None:
        meant = codes.near(code)
        raise UsageError(
            f"{code} is not among the codes that Pilotage explains",
            evidence="AWS has thousands; the message beside the code usually says more than the code",
            next_step=f"did you mean: pilotage explain {meant[0]}" if meant else "pilotage explain AccessDenied",
        )
    report.json({"v": 1, "type": "explanation", **asdict(found)})
    report.data(f"{found.code}   {found.origin}")
    report.data(f"means  {found.meaning}")
    report.data(f"do     {found.advice}")
    if found.also:
        report.data(f"also   {found.also}")
    return 0
