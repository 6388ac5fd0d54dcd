"""`pilotage validate`: every problem of blueprint files, at its place. AWS is not called."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.cli import words
from wizard.cli.options import Options, common
from wizard.cli.report import Report
from wizard.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from wizard.blueprint.problems import Problem


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@common("blueprint")
def validate(report: Report, options: Options, files: tuple[Path, ...]) -> int:
    """Check blueprint files in all their environments, or in the one of --env with every --set.

    Each problem is a line FILE:LINE:COL: message, and a hint below it.
    """
    errors = 0
    for file in files:
        problems = _problems(file, options)
        found = [each for each in problems if each.level == "error"]
        errors += len(found)
        for problem in problems:
            report.data(str(problem))
            report.json({"v": 1, "type": "problem", **asdict(problem)})
        counts = {"errors": len(found), "warnings": len(problems) - len(found)}
        report.json({"v": 1, "type": "validated", "file": str(file), "valid": not found, **counts})
        if not found:
            report.tell(f"{file} is valid{_warned(len(problems))}", "good")
    if not errors:
        return int(ExitCode.OK)
    report.error(
        UsageError(
            f"{words.counted(errors, 'problem')} in {words.counted(len(files), 'file')}",
            evidence="each stands above, at its place",
            safe="AWS was not called",
            next_step="correct the lines named above and run the same command again",
        )
    )
    return int(ExitCode.USAGE)


def _problems(file: Path, options: Options) -> list[Problem]:
    from wizard.blueprint.document import load
    from wizard.blueprint.environments import problems_of, resolve
    from wizard.blueprint.problems import BlueprintInvalid

    try:
        document = load(file)
        problems = problems_of(document)
        if (options.env or options.sets) and not any(each.level == "error" for each in problems):
            resolve(document, options.env, options.sets)
    except BlueprintInvalid as invalid:
        return list(invalid.problems)
    return problems


def _warned(count: int) -> str:
    return f", with {words.counted(count, 'warning')}" if count else ""
