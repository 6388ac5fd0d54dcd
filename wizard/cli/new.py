"""`pilotage new`: the wizard. Full screen, or with --plain the same questions line by line."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wizard.cli.options import Options, common
from wizard.cli.report import Report
from wizard.deployment.secret_values import read_dotenv
from wizard.errors import Interrupted, UsageError

if TYPE_CHECKING:
    from wizard.cli.plain_review import Done
    from wizard.walk.walk import Walk

CARRY_ON = "pilotage new --plain   (it offers the draft)"


@click.command()
@click.argument("file", required=False, metavar="[FILE]", default="")
@common("place", "blueprint")
def new(report: Report, options: Options, file: str) -> int:
    """Answer a few questions, see what it costs, and get a blueprint; deploy it at once if you like.

    FILE answers the first question: an image, a folder, a compose file, a blueprint, or a starter's name.
    """
    if not report.may_ask:
        raise UsageError(
            "`pilotage new` asks questions, and there is no terminal to ask",
            evidence="stdin or stderr is not a terminal, or --no-input or --json was given",
            safe="nothing was written, nothing was called",
            next_step="pilotage replay FILE --yes   carries a blueprint out without questions; a starter to begin "
            "with: blueprints/carepolicy-hub.yaml",
        )
    if options.plain or _is_dumb() or not sys.stdout.isatty():
        return _plain(report, options, file)
    return _full_screen(report, options, file)


def _is_dumb() -> bool:
    return os.environ.get("TERM", "") in ("", "dumb")


def _full_screen(report: Report, options: Options, file: str) -> int:
    from wizard.cli.full_screen import walk_screen
    from wizard.cli.run import request_from

    region = _region(options)
    request = replace(request_from(report, options), region=region or None)
    return walk_screen(report, request, _begun(options, file) if file else None)


def _plain(report: Report, options: Options, file: str) -> int:
    from wizard.cli.plain_review import PlainReview
    from wizard.cli.plain_walk import PlainWalk
    from wizard.cli.prompt import DumbPrompter, Prompter, asking
    from wizard.deployment.keyring_values import is_usable
    from wizard.walk.draft import Drafts

    asks = DumbPrompter() if _is_dumb() else Prompter(colour=report.colour)
    drafts = Drafts()
    questions = PlainWalk(report, asks, drafts, is_usable)
    started = _begun(options, file) if file else None
    try:
        with asking(silent=asks.silent):
            report.say("? explains a question, < goes back, Ctrl-C leaves and keeps the draft.")
            walk = started or _carried_on(report, asks, drafts) or _begun(options, "")
            walk = questions.to_review(walk)
            done = PlainReview(report, asks, drafts, questions).to_end(walk)
    except (KeyboardInterrupt, EOFError):
        report.say()
        raise Interrupted(
            "interrupted; the draft is kept",
            evidence="Ctrl-C or Ctrl-D was pressed, or the terminal went away",
            safe="nothing was called; each answer is in the draft, and no value of a secret is",
            next_step=CARRY_ON,
        ) from None
    return _ended(report, options, done)


def _ended(report: Report, options: Options, done: Done) -> int:
    """Keep what is to be kept, then deploy or say how."""
    from wizard.cli.plain_review import headless
    from wizard.walk.review import review

    if done.path is None:
        report.say(f"the draft is kept; carry on with {CARRY_ON}")
        return 0
    _keep(report, done.walk)
    if done.deploy:
        return _deploy(report, options, done.walk, done.path)
    report.say(f"deploy it: {headless(done.path, review(done.walk))}{options.repeated()}")
    return 0


def _deploy(report: Report, options: Options, walk: Walk, path: Path) -> int:
    """Exactly what `pilotage replay` does with the saved file."""
    from wizard.cli.replay import replay_in
    from wizard.cli.run import Ending, Frame
    from wizard.deployment.opening import open_file

    # The saved file is all that counts: what else was set on the command line is not in it.
    chosen = replace(options, env=walk.situation.environment, sets=())

    def work(frame: Frame) -> Ending:
        request = replace(frame.request(), given=walk.values_for_run())
        return replay_in(frame, frame.opened(open_file(path, request)))

    return Frame(report, chosen).carry_out(work)


def _keep(report: Report, walk: Walk) -> None:
    """Put given values into the keyring, where that was asked for."""
    from wizard.deployment.keyring_values import KeyringError, keep

    if not walk.situation.variables.keyring:
        return
    try:
        for name, value in walk.values_for_run().items():
            keep(name, value)
    except KeyringError as error:
        report.say(f"the keyring did not take the values: {error}; they are used in this run only", "wait")


def _region(options: Options) -> str:
    """The Region that is known already, and so is not asked for."""
    return options.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""


def _begun(options: Options, where: str) -> Walk:
    """A new walk with all that the command line says; raises `UsageError` when FILE is nothing to begin with."""
    from wizard.question import Wrong
    from wizard.walk.walk import Walk

    walk = Walk.begin(_region(options) or None, where or None)
    if isinstance(walk, Walk) and options.env and walk.situation.is_starter:
        walk = walk.knowing("environments", options.env, "--env") if _has_several(walk) else walk
    if isinstance(walk, Wrong):
        raise UsageError(
            walk.what,
            evidence=f"allowed is {walk.allowed}",
            safe="nothing was written, nothing was called",
            next_step=f"pilotage new {walk.example}",
        )
    return walk.with_values(read_dotenv(options.secrets_file)) if options.secrets_file else walk


def _has_several(walk: Walk) -> bool:
    """Whether the starter has several environments to choose from."""
    return "environments" in [step.id for step in walk.steps()]


def _carried_on(report: Report, asks: Any, drafts: Any) -> Walk | None:
    """The newest draft, if a person wants to carry it on."""
    for draft in drafts.all():
        report.say(f"draft: {draft.name or '(no name yet)'}, {draft.answered} answers, {draft.saved_at:%d %b %H:%M}Z")
        answer = asks.line("Carry it on? yes, no (it stays), or drop it; enter is yes: ").strip().lower()
        if answer in ("", "y", "yes"):
            opened: Walk | None = drafts.open(draft.id)
            if opened is not None:
                return opened
            report.say("  it can no longer be read", "wait")
        elif answer.startswith("d"):
            drafts.remove(draft.id)
    return None
