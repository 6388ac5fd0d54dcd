"""`pilotage image`: build and push with the builder of this machine, and list what the repositories hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.cli import words
from wizard.cli.groups import NamingGroup
from wizard.cli.options import Options, common, option
from wizard.cli.report import Report
from wizard.errors import ExitCode, Interrupted, PilotageError

if TYPE_CHECKING:
    from wizard.deployment.opening import Deployment
    from wizard.images.registry import Kept, Repository

FILE = click.Path(path_type=Path)
SHORT_DIGEST = 12


@click.group(cls=NamingGroup)
def image() -> None:
    """Build and push the container images of a blueprint, with docker, finch, nerdctl, podman or buildah."""


@image.command()
@click.argument("file", type=FILE)
@common("blueprint", "place", "tag")
def build(report: Report, options: Options, file: Path) -> int:
    """Build every image of FILE whose container has a `build:` section, for the processor that it is to run on."""

    def work(deployment: Deployment) -> None:
        from wizard.deployment.images import build_images

        for each in build_images(deployment, _telling(report)):
            report.data(f"{each.reference}  {each.platform}  {', '.join(each.containers)}")
            report.json(
                {
                    "v": 1,
                    "type": "image_built",
                    "deployment": deployment.name,
                    "image": each.reference,
                    "platform": each.platform,
                    "containers": list(each.containers),
                }
            )

    return _on(report, options, file, work)


@image.command()
@click.argument("file", type=FILE)
@option("--no-build", is_flag=True, help="Push what was built before.")
@common("blueprint", "place", "tag")
def push(report: Report, options: Options, file: Path, no_build: bool) -> int:
    """Build the images of FILE and push them into its own ECR repositories, which a replay makes first.

    The password of ECR is good for twelve hours; it goes to the builder on stdin and stays nowhere.
    """

    def work(deployment: Deployment) -> None:
        from wizard.deployment.images import push_images

        for each in push_images(deployment, _telling(report), build=not no_build):
            report.data(f"{each.reference}@{each.digest}  {', '.join(each.containers)}")
            report.json(
                {
                    "v": 1,
                    "type": "image_pushed",
                    "deployment": deployment.name,
                    "image": each.reference,
                    "digest": each.digest,
                    "containers": list(each.containers),
                }
            )

    return _on(report, options, file, work)


@image.command("list")
@click.argument("file", type=FILE)
@common("blueprint", "place")
def list_(report: Report, options: Options, file: Path) -> int:
    """Show the images in the repositories of FILE: tags, digest, when pushed, which revisions run them."""

    def work(deployment: Deployment) -> None:
        from wizard.deployment.images import list_images

        found = list_images(deployment)
        if not found:
            report.tell("no image of this blueprint comes from a repository of its own")
        for repository in found:
            _show(report, deployment.name, repository)

    return _on(report, options, file, work)


def _on(report: Report, options: Options, file: Path, work: Callable[[Deployment], None]) -> int:
    from wizard.cli.foreman import Foreman
    from wizard.cli.run import named, request_from
    from wizard.deployment.opening import open_file

    foreman = Foreman(lambda: _leave(report))
    try:
        with foreman.listening():
            foreman.carry_out(lambda: work(open_file(file, request_from(report, options))))
    except PilotageError as error:
        raise named(error) from None
    return 0


def _leave(report: Report) -> None:
    """End at once, and leave neither a builder at work nor a password behind."""
    from wizard.images.builder import leave_nothing

    leave_nothing()
    report.error(
        Interrupted(
            "interrupted",
            evidence="Ctrl-C (or a signal) came",
            safe="what was pushed stays in ECR; no password was left on this computer",
            next_step="run the same command again: layers that are there are not sent twice",
        )
    )
    os._exit(int(ExitCode.INTERRUPTED))


def _telling(report: Report) -> Callable[[str], None]:
    """A builder's lines are words, and go into the log as well."""

    def told(line: str) -> None:
        if report.json_lines:
            report.log(line)
        else:
            report.say(line, "quiet")

    return told


def _show(report: Report, deployment: str, repository: Repository) -> None:
    if not repository.exists:
        report.data(f"{repository.name}  not made yet: a replay makes it")
        report.json(_head(deployment, repository) | {"exists": False})
        return
    report.data(f"{repository.name}  {repository.uri}")
    if not repository.images:
        report.data("  no image yet: pilotage image push FILE")
    rows = [_row(each) for each in repository.images]
    for line in words.table([("  tags", "digest", "pushed", "MB", "used by"), *rows]) if rows else ():
        report.data(line)
    for each in repository.images:
        report.json(
            _head(deployment, repository)
            | {
                "exists": True,
                "tags": list(each.tags),
                "digest": each.digest,
                "pushed_at": each.pushed_at.isoformat() if each.pushed_at else "",
                "bytes": each.size,
                "used_by": list(each.used_by),
            }
        )


def _head(deployment: str, repository: Repository) -> dict[str, object]:
    return {"v": 1, "type": "image", "deployment": deployment, "repository": repository.name, "uri": repository.uri}


def _row(image: Kept) -> tuple[str, ...]:
    pushed = words.minute(image.pushed_at.isoformat()) if image.pushed_at else ""
    digest = image.digest.removeprefix("sha256:")[:SHORT_DIGEST]
    tags = ", ".join(image.tags) or "(none)"
    return f"  {tags}", digest, pushed, f"{image.size / 1e6:.0f}", ", ".join(image.used_by)
