"""A run that is told, not carried out: the same events on a clock that is moved by hand, so that pictures are equal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from screens.bridge import BackgroundRun, Call
from screens.deploy.model import RunPicture
from wizard.deployment.opening import Deployment
from wizard.deployment.replaying import Result
from wizard.deployment.request import Request
from wizard.engine.events import Event, EventType
from wizard.errors import ExitCode, PilotageError

DAY = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
STEPS: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("vpc.main", 3, ()),
    ("subnet.public_a", 3, ("vpc.main",)),
    ("nat_gateway.a", 110, ("subnet.public_a",)),
    ("role.backend_task", 12, ()),
    ("secret.STRIPE_API_KEY", 2, ()),
    ("log_group.backend", 2, ()),
    ("cluster.main", 8, ()),
    ("load_balancer.main", 150, ("subnet.public_a",)),
    ("listener.https", 4, ("load_balancer.main",)),
    ("broker.main", 960, ("subnet.public_a",)),
    ("task_definition.backend", 2, ("role.backend_task", "secret.STRIPE_API_KEY")),
    ("service.backend", 190, ("task_definition.backend", "broker.main", "listener.https")),
    ("alarm.backend_5xx", 2, ("service.backend",)),
)
LONG = ("nat_gateway.a", "load_balancer.main", "broker.main", "service.backend")
LOG = (
    "backend | INFO  listening on 0.0.0.0:8000",
    "backend | INFO  connected to the broker",
    'backend | INFO  "GET /health" 200 3 ms',
)


@dataclass
class Told:
    """A background run whose story a test tells."""

    now: float = 1000.0
    seq: int = 0
    run: BackgroundRun = field(init=False)

    def __post_init__(self) -> None:
        self.run = BackgroundRun(Request(sandbox=True), _never, _never)
        self.run.picture = RunPicture(lambda: self.now)

    def tell(self, type: EventType, address: str = "", action: str = "create", **more: Any) -> None:
        """One event, at this moment of the clock."""
        self.seq += 1
        self.run.hear(Event(self.seq, "20260303-120000-aaaaaa", DAY, type, address, action, **more))

    def plan(self) -> Told:
        """What is going to be made."""
        for address, seconds, _ in STEPS:
            self.tell(EventType.PLANNED_CHANGE, address, detail={"expected_s": seconds})
        self.tell(EventType.CHANGE_SUMMARY, detail={"counts": {"create": len(STEPS)}, "expected_s": 1320})
        self.run.picture.know_needs({address: frozenset(needs) for address, _, needs in STEPS})
        return self

    def make(self, address: str, seconds: float) -> None:
        """One resource from its start to its end."""
        self.tell(EventType.APPLY_START, address)
        self.run.fetch()
        self.now += seconds
        self.tell(EventType.APPLY_COMPLETE, address, id=f"{address.split('.')[0]}-0a1b2c")
        self.run.fetch()

    def half(self) -> Told:
        """Everything quick is made; broker and balancer are in work; the service waits."""
        self.plan()
        for address, seconds, _ in STEPS:
            if address not in LONG and not address.startswith(("listener", "alarm")):
                self.make(address, seconds)
        for address in ("broker.main", "load_balancer.main"):
            self.tell(EventType.APPLY_START, address)
        self.run.fetch()
        self.now += 95
        self.tell(EventType.APPLY_PROGRESS, "broker.main", message="CREATION_IN_PROGRESS")
        self.calls()
        self.run.lines.extend(LOG)
        return self

    def rolling(self) -> Told:
        """The service comes up."""
        self.half()
        for address in ("nat_gateway.a", "broker.main", "load_balancer.main", "listener.https"):
            self.make(address, 20)
        self.tell(EventType.APPLY_START, "service.backend")
        self.run.fetch()
        self.now += 40
        counts = {"desired": 2, "running": 1, "pending": 1, "failed": 0, "targets": {"healthy": 1, "initial": 1}}
        self.tell(EventType.ROLLOUT, "service.backend", message="1 of 2 healthy; 1 starts", detail=counts)
        return self

    def well(self) -> Told:
        """It ended well."""
        self.rolling()
        self.make("service.backend", 30)
        self.make("alarm.backend_5xx", 2)
        outputs = {
            "cluster": "shop-dev-cluster",
            "load_balancer": "shop-dev-alb-1234567890.us-east-1.elb.amazonaws.com",
            "repository_backend": "000000000000.dkr.ecr.us-east-1.amazonaws.com/shop-backend",
            "url": "https://shop-dev.example.com",
        }
        self.tell(EventType.RUN_COMPLETE, verdict="ok", exit_code=0)
        self.end(Result("ok", ExitCode.OK, "20260303-120000-aaaaaa", 7.3, {"create": len(STEPS)}, outputs))
        return self

    def badly(self) -> Told:
        """The service never came up."""
        self.rolling()
        cause = {
            "sentence": "the container of backend exits with 1 after 3 s: KeyError: 'DATABASE_URL'",
            "evidence": "log, 12:04:11: KeyError: 'DATABASE_URL' in app.py:12",
            "safe": "nothing was deleted; what was made stays and is found by the next run",
            "command": "add DATABASE_URL to the blueprint, then: pilotage resume",
        }
        parts = {"what": "backend did not become healthy", "why": "tasks stopped", "safe": "", "next": ""}
        self.tell(EventType.APPLY_ERRORED, "service.backend", message=parts["what"], detail=parts)
        self.tell(EventType.DIAGNOSIS, "service.backend", detail=cause)
        self.tell(EventType.APPLY_SKIPPED, "alarm.backend_5xx", message="needs service.backend, which failed")
        self.tell(EventType.RUN_COMPLETE, verdict="failed", exit_code=7)
        error = PilotageError(parts["what"], evidence=parts["why"], safe=cause["safe"], next_step=cause["command"])
        error.diagnosis = cause
        self.end(Result("failed", ExitCode.NEEDS_PERSON, "20260303-120000-aaaaaa", 190, {}, {}, (error,)))
        return self

    def end(self, result: Result) -> None:
        """No more events come."""
        self.run.fetch()
        self.run.result = result
        self.run.deployment = cast(Deployment, DEPLOYMENT)
        self.run.over = True

    def calls(self) -> None:
        """Some calls to AWS."""
        for number, (service, operation, changing, command) in enumerate(CALLS, 1):
            self.run.calls.append(Call(number, service, operation, changing, "200", 40 + number, command))
        self.run.calls_seen = len(CALLS)


CALLS = (
    ("ec2", "DescribeVpcs", False, "aws ec2 describe-vpcs --filters Name=tag:pilotage:deployment,Values=shop/dev"),
    ("ec2", "CreateVpc", True, "aws ec2 create-vpc --cidr-block 10.0.0.0/16"),
    ("secretsmanager", "CreateSecret", True, "aws secretsmanager create-secret --name shop/dev/STRIPE_API_KEY ..."),
    ("mq", "DescribeBroker", False, "aws mq describe-broker --broker-id b-1f2e"),
)
DEPLOYMENT = SimpleNamespace(
    name="shop/dev",
    environment="dev",
    document=SimpleNamespace(file="shop.yaml"),
    request=Request(sandbox=True),
)


def _never(*_: object) -> Any:
    raise AssertionError("a told run is never carried out")
