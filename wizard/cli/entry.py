"""The frame around every command: finds it, imports it, and turns whatever goes wrong into four parts and a number."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from wizard import __version__
from wizard.cli.groups import NamingGroup, nearest
from wizard.cli.options import COMMON_FLAGS, wants_json
from wizard.cli.report import SAFE_BEFORE, Report
from wizard.errors import Interrupted, PilotageError, UsageError

COMMANDS = {
    "new": ("new", "The wizard: questions, prices, a blueprint, and a URL if you like."),
    "validate": ("validate", "Check blueprint files; AWS is not called."),
    "plan": ("plan", "What would change, why, what it costs and how long it takes."),
    "preflight": ("preflight", "All that can be known to fail, before the first create; changes nothing."),
    "replay": ("replay", "Plan, then make it so. The same file twice changes nothing the second time."),
    "status": ("looking", "What runs, where, since when, healthy or not."),
    "outputs": ("looking", "URLs and ARNs of a deployment."),
    "history": ("looking", "Past runs of a deployment."),
    "console": ("console", "The on-call console, full screen: what is wrong, and the way back."),
    "revisions": ("revisions", "What ran before: when, by whom, did it work, can it start now?"),
    "rollback": ("rollback", "Go back to a revision that worked; the service is held afterwards."),
    "hold": ("hold", "Hold a service: a replay does not move it."),
    "release": ("hold", "Let a held service move again."),
    "logs": ("logs", "What the containers of a service write."),
    "resume": ("resume", "Carry on an interrupted run."),
    "destroy": ("destroy", "Remove a deployment in order; data stays unless --yes-delete-data."),
    "unlock": ("unlock", "Show a deployment's lock, and take a stale one away."),
    "cost": ("cost", "What each resource costs an hour and a month; AWS is not called."),
    "diagram": ("diagram", "Who reaches whom, as text, Mermaid or SVG; AWS is not called."),
    "export": ("export", "A blueprint as a CloudFormation template; AWS is not called."),
    "policy": ("policy", "The least that setup, ci or oncall must be allowed, as IAM policies."),
    "image": ("image", "Container images: build, push, list."),
    "explain": ("explain", "What an exit code or an error code of AWS means, and what to do."),
    "schema": ("schema", "Print the JSON Schema of blueprints."),
    "secrets": ("secrets", "Secret values in this computer's keyring: set, list, rm."),
    "sandbox": ("sandbox", "The embedded AWS: start, stop, status, reset."),
    "doctor": ("doctor", "What works on this machine, what does not, what to type."),
}
"""Each command, the module of `wizard.cli` that holds it, and its line in the help. Modules are imported when used."""

RUNS = ("plan", "replay", "resume", "destroy", "rollback", "hold", "release")
"""The commands whose JSON lines end with `run_complete`."""


class LazyGroup(NamingGroup):
    """Knows its commands by name and imports the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"wizard.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    name="pilotage",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="pilotage", message="%(prog)s %(version)s")
@click.option("--sandbox", is_flag=True, envvar="PILOTAGE_SANDBOX", help="Full screen: in the embedded AWS.")
@click.option("--profile", metavar="NAME", envvar="PILOTAGE_PROFILE", help="Full screen: with this AWS profile.")
@click.option("--region", metavar="REGION", envvar="PILOTAGE_REGION", help="Full screen: in this AWS Region.")
@click.pass_context
def root(context: click.Context, sandbox: bool, profile: str | None, region: str | None) -> int:
    """Pilotage brings an application safely into AWS, and out of trouble at 3 a.m.

    `pilotage COMMAND --help` says more about a command. Every option has an environment variable PILOTAGE_<OPTION>.
    """
    report: Report = context.obj
    given = [name for name, value in (("--sandbox", sandbox), ("--profile", profile), ("--region", region)) if value]
    if context.invoked_subcommand is not None:
        _refuse_before_command(context, given)
        return 0
    if report.may_ask and not report.json_lines:
        from wizard.cli.full_screen import home_screen

        return home_screen(report, sandbox=sandbox, profile=profile, region=region)
    report.raw(context.get_help() + "\n")
    return 0


def _refuse_before_command(context: click.Context, given: list[str]) -> None:
    """An option of the full screen that was written before a command, rather than set by the environment, is a slip."""
    source = click.core.ParameterSource.COMMANDLINE
    written = [flag for flag in given if context.get_parameter_source(flag.removeprefix("--")) is source]
    if written:
        raise UsageError(
            f"{written[0]} stands before the command",
            evidence=f"usage: pilotage {context.invoked_subcommand} [OPTIONS]",
            safe=SAFE_BEFORE,
            next_step=f"write it after the command: pilotage {context.invoked_subcommand} {written[0]}",
        )


def enter(arguments: Sequence[str]) -> int:
    """Carry out one command line; never raises."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    report = Report(json_lines=wants_json(arguments))
    try:
        ended: Any = root.main(list(arguments), prog_name="pilotage", standalone_mode=False, obj=report)
        return int(ended or 0)
    except click.ClickException as error:
        return _refuse(report, _usage_error(error), arguments)
    except (click.Abort, KeyboardInterrupt):
        interrupted = Interrupted("interrupted", evidence="Ctrl-C was pressed", safe=SAFE_BEFORE)
        return _refuse(report, interrupted, arguments)
    except PilotageError as error:
        return _refuse(report, error, arguments)
    except Exception as error:  # noqa: BLE001 - the last wall: a person never sees a traceback
        from wizard.cli.defects import unforeseen

        return _refuse(report, unforeseen(error, report.log_file, safe=SAFE_BEFORE), arguments)


def _refuse(report: Report, error: PilotageError, arguments: Sequence[str]) -> int:
    report.error(error)
    if report.json_lines:
        from wizard.cli.run import publish_refusal

        command = next((word for word in arguments if word in COMMANDS), "")
        publish_refusal(report, error, complete=command in RUNS)
    return int(error.exit_code)


def _usage_error(error: click.ClickException) -> PilotageError:
    """click's complaint in four parts, with the nearest option."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "pilotage"
    hint = f"{path} --help"
    message = error.format_message()
    if isinstance(error, click.NoSuchOption):
        message = f"there is no option {error.option_name}"
        known = [flag for each in (context.command.params if context else ()) for flag in each.opts]
        hint = nearest(error.option_name, [flag for flag in known if flag.startswith("--")], f"{path} ") or hint
        if context is not None and context.parent is None and error.option_name in COMMON_FLAGS:
            hint = f"write it after the command: pilotage COMMAND {error.option_name}"
    usage = context.get_usage().replace("Usage: ", "", 1) if context else path
    return UsageError(
        message[:1].lower() + message[1:].rstrip("."),
        evidence=f"usage: {' '.join(usage.split())}",
        safe=SAFE_BEFORE,
        next_step=hint,
    )
