"""A plan in a file, so that exactly what was looked at is carried out, or nothing is (`replay --plan`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.engine.plan import Plan
from wizard.engine.values import shown
from wizard.errors import UsageError, WorldMoved

VERSION = 1


@dataclass(frozen=True)
class SavedPlan:
    """What the file holds that matters later: whose plan it is and what it saw."""

    deployment: str
    seen: str

    @classmethod
    def load(cls, path: Path) -> SavedPlan:
        """Read a plan file; raises `UsageError` when it is none."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if found["plan"] != VERSION:
                raise KeyError("plan")
            return cls(str(found["deployment"]), str(found["seen"]))
        except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path} is not a plan file",
                evidence=f"{type(error).__name__}: {error}",
                safe="nothing was called",
                next_step=f"make one: pilotage plan FILE --out {path}",
            ) from None

    def insist(self, plan: Plan) -> None:
        """Raise `WorldMoved` unless today's plan is the saved one."""
        if (plan.deployment, plan.seen) != (self.deployment, self.seen):
            raise WorldMoved(
                "the world, or the blueprint, is not what the saved plan saw",
                evidence=f"saved for {self.deployment}, digest {self.seen[:12]}; now {plan.deployment}, "
                f"digest {plan.seen[:12]}",
                safe="nothing was changed",
                next_step="pilotage plan FILE --out PLAN.json, look at it, then replay it",
            )


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """A plan as plain data, for a file or a program; secrets as words."""
    return {
        "plan": VERSION,
        "deployment": plan.deployment,
        "seen": plan.seen,
        "counts": plan.counts(),
        "seconds": round(plan.seconds),
        "critical_path": list(plan.critical_path),
        "monthly_usd": plan.monthly_usd,
        "not_priced": list(plan.not_priced),
        "changes": [
            {
                "address": change.address,
                "action": str(change.action),
                "reason": change.reason,
                "risk": change.risk,
                "differences": [
                    {"property": d.property, "before": shown(d.before), "after": shown(d.after)}
                    for d in change.differences
                ],
            }
            for change in plan.needed
        ],
    }


def save_plan(plan: Plan, path: Path) -> None:
    """Write the plan file."""
    path.write_text(json.dumps(plan_as_json(plan), indent=1, default=str) + "\n", encoding="utf-8")
