"""What `pilotage status --controls` prints: each control of the `hipaa` preset, who carries it, whether it holds."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from wizard.advice.controls import Control, Finding, State, state_of
from wizard.cli import words
from wizard.cli.options import Options
from wizard.cli.report import SAFE_BEFORE, Report
from wizard.cli.target import open_target
from wizard.deployment.controls import controls_of
from wizard.deployment.opening import Deployment
from wizard.deployment.request import Request
from wizard.errors import ExitCode, UsageError

GRAVEST = (State.BROKEN, State.NOT_CHECKED, State.OK)
NO_PRESET = "no preset here: none of these is promised; `hardening: {preset: hipaa}` in the blueprint promises all"


def show_controls(report: Report, options: Options, request: Request, target: str) -> int:
    """Print the controls of a deployment, the broken ones first; 3 when one is broken, 0 otherwise."""
    if not target:
        raise UsageError(
            "--controls needs to know which deployment",
            evidence="controls are those of one environment",
            safe=SAFE_BEFORE,
            next_step="pilotage status APP/ENV --controls, or pilotage status FILE --env ENV --controls",
        )
    deployment = open_target(target, options, request)
    findings = controls_of(deployment)
    said = _Said(deployment, options)
    for finding in findings:
        report.json(said.as_json(finding))
    identity = deployment.connection.identity
    report.data(f"{deployment.name}  {identity.place}  preset {said.preset}")
    if not said.promised:
        report.data(NO_PRESET)
    controls = list(dict.fromkeys(finding.control for finding in findings))
    for control in sorted(controls, key=lambda each: GRAVEST.index(state_of(findings, each))):
        for line in said.block(control, findings):
            report.data(line)
    code = ExitCode.CHANGES if any(each.state is State.BROKEN for each in findings) else ExitCode.OK
    report.data()
    report.data(_sum(controls, findings))
    counts = {str(state): sum(each.state is state for each in findings) for state in State}
    summary = {"v": 1, "type": "controls", "deployment": deployment.name, "place": identity.place}
    report.json(summary | {"preset": said.preset, "counts": counts, "exit_code": int(code)})
    return int(code)


def _sum(controls: Sequence[Control], findings: tuple[Finding, ...]) -> str:
    states = [state_of(findings, control) for control in controls]
    parts = [f"{states.count(State.OK)} of {words.counted(len(controls), 'control')} hold"]
    parts += [f"{states.count(state)} {state}" for state in GRAVEST[:2] if state in states]
    return ", ".join(parts)


class _Said:
    """A deployment's findings in words: what to type to look, and what to type next."""

    def __init__(self, deployment: Deployment, options: Options) -> None:
        self._deployment = deployment
        self.preset = deployment.blueprint.hardening.preset
        self.promised = self.preset == "hipaa"
        identity = deployment.connection.identity
        said = [f" --profile {options.profile}" if options.profile else "", f" --region {identity.region}"]
        url = deployment.connection.session.target.sandbox_url
        self._where = "".join([*said, f" --endpoint-url {url}" if url else ""])
        sets = [f" --set {shlex.quote(each)}" for each in deployment.request.sets]
        file = shlex.quote(deployment.document.file)
        self._replay = "".join(
            ["pilotage replay ", file, f" --env {deployment.environment}", *sets, options.repeated()]
        )

    def as_json(self, finding: Finding) -> dict[str, Any]:
        """One finding as plain data."""
        identity = self._deployment.connection.identity
        return {
            "v": 1,
            "type": "control",
            "deployment": self._deployment.name,
            "place": identity.place,
            "sandbox": identity.sandbox,
            "control": finding.control.id,
            "sentence": finding.control.sentence,
            "section": finding.control.section,
            "address": finding.address,
            "id": finding.id,
            "state": str(finding.state),
            "evidence": finding.evidence,
            "check": finding.by_hand + self._where,
            "next": self.next_step(finding),
        }

    def next_step(self, finding: Finding) -> str:
        """What to type, or to do, about a control that does not hold."""
        if finding.state is State.OK:
            return ""
        if finding.state is State.NOT_CHECKED:
            return "look by hand"
        if finding.otherwise:
            return finding.otherwise
        if finding.differs:
            return self._replay
        if not self.promised:
            return f"write `preset: hipaa` under `hardening:` in {self._deployment.document.file}, then {self._replay}"
        return "a replay changes nothing here: another deployment did this, or the blueprint itself asks for it"

    def block(self, control: Control, findings: tuple[Finding, ...]) -> list[str]:
        """A control with the resources that carry it, the broken ones first."""
        mine = [finding for finding in findings if finding.control is control]
        mine.sort(key=lambda each: GRAVEST.index(each.state))
        width = max(len(each.address) for each in mine)
        lines = ["", f"{state_of(findings, control):<11}  {control.id}  {control.section}", f"  {control.sentence}"]
        for finding in mine:
            lines.append(f"  {finding.state:<11}  {finding.address or 'nothing':<{width}}  {finding.evidence}")
            lines.append(f"               look: {finding.by_hand}{self._where}")
            if following := self.next_step(finding):
                lines.append(f"               next: {following}")
        return lines
