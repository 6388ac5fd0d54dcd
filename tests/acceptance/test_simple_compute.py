"""CarePolicy on App Runner and on ECS Express Mode, as another program runs it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.practice import ROOT, Practice, is_left
from wizard.aws import sandbox
from wizard.aws.calls import AwsCalls
from wizard.aws.session import Session, Target
from wizard.engine.clock import Clock

NAME = "carepolicy-hub/main"
ADDRESS = {"apprunner": ".us-east-1.awsapprunner.com", "express": "https://carepolicy-hub.ecs.us-east-1.on.aws"}
FEWEST_CALLS = 40
KEPT = {
    "apprunner": {"app_runner_service", "secret", "s3://pilotage-000000000000-us-east-1-an"},
    "express": {"express_service", "secret", "s3://pilotage-000000000000-us-east-1-an"},
}


def replay(practice: Practice, way: str, *more: str) -> Any:
    return practice.replay(f"carepolicy-hub-{way}.yaml", *more)


def outputs(finished: Any) -> dict[str, str]:
    return next(line["detail"] for line in finished.lines if line["type"] == "outputs")


def aws(practice: Practice) -> AwsCalls:
    running = sandbox.find(practice.home)
    assert running is not None
    return AwsCalls(Session(Target(sandbox_url=running.url)), Clock(practice.scale), lambda _: None)


def destroyed(practice: Practice) -> Any:
    return practice.run("destroy", NAME, "--sandbox", "--yes", "--yes-delete-data", "--json")


def runner_configuration(practice: Practice) -> dict[str, Any]:
    """The service as App Runner describes it."""
    calls = aws(practice)
    (one,) = calls.read("apprunner", "list_services")["ServiceSummaryList"]
    found: dict[str, Any] = calls.read("apprunner", "describe_service", ServiceArn=one["ServiceArn"])["Service"]
    return found


def express_configurations(practice: Practice) -> list[dict[str, Any]]:
    """The active configurations as ECS describes them."""
    arn = "arn:aws:ecs:us-east-1:000000000000:service/carepolicy-hub-cluster/carepolicy-hub"
    answer = aws(practice).read("ecs", "describe_express_gateway_service", serviceArn=arn)
    found: list[dict[str, Any]] = answer["service"]["activeConfigurations"]
    return found


@pytest.mark.parametrize("way", ADDRESS)
def test_a_starter_is_made_stays_as_it_is_and_leaves_nothing(way: str, practice: Practice) -> None:
    made = replay(practice, way)
    assert (made.code, made.last["verdict"]) == (0, "ok"), made.stderr + made.stdout[-2500:]
    assert ADDRESS[way] in outputs(made)["url"]
    assert outputs(made)["google_redirect"] == outputs(made)["url"] + "/auth/callback/google"

    before = practice.last_call()
    again = replay(practice, way)
    assert (again.code, again.last["verdict"]) == (0, "no_changes"), again.stdout[-2500:]
    calls = practice.calls_since(before)
    assert [call for call in calls if call["mutating"]] == []
    assert len(calls) <= FEWEST_CALLS, [f"{c['service']}:{c['operation']}" for c in calls]

    gone = destroyed(practice)
    assert (gone.code, gone.last["verdict"]) == (0, "ok"), gone.stderr + gone.stdout[-2500:]
    left = [item for item in practice.inventory() if is_left(item) and not item.get("deletion_date")]
    # App Runner makes its log groups itself and keeps them; the receipt says so.
    assert {item["name"].split("/")[2] for item in left if item["type"] == "log-group"} <= {"apprunner"}
    assert [item for item in left if item["type"] != "log-group"] == []
    kept = gone.last["detail"]["kept"]
    assert {address.split(".")[0] for address in kept} == KEPT[way]
    assert all(kept.values())


def test_app_runner_has_the_settings_of_the_document(practice: Practice) -> None:
    made = replay(practice, "apprunner")
    service = runner_configuration(practice)
    repository = service["SourceConfiguration"]["ImageRepository"]
    image = repository["ImageConfiguration"]
    assert (image["Port"], service["Status"]) == ("5001", "RUNNING")
    assert service["InstanceConfiguration"]["Cpu"] == "1024"
    assert service["InstanceConfiguration"]["Memory"] == "2048"
    assert service["HealthCheckConfiguration"]["Path"] == "/health"
    assert service["SourceConfiguration"]["AutoDeploymentsEnabled"] is False
    assert "/carepolicy-hub@sha256:" in repository["ImageIdentifier"]
    variables = image["RuntimeEnvironmentVariables"]
    assert variables.pop("S3_BUCKET").startswith("carepolicy-hub-documents")
    assert variables == {
        "ENVIRONMENT": "production",
        "DEBUG": "false",
        "PORT": "5001",
        "APP_BASE_URL": outputs(made)["url"],
        "STORAGE_BACKEND": "s3",
        "AWS_REGION": "us-east-1",
    }
    assert set(image["RuntimeEnvironmentSecrets"]) == {"SECRET_KEY", "JWT_SECRET", "GROQ_API_KEY"}
    assert all(":secretsmanager:" in arn for arn in image["RuntimeEnvironmentSecrets"].values())


def test_express_has_the_settings_of_the_document(practice: Practice) -> None:
    made = replay(practice, "express")
    (active,) = express_configurations(practice)
    main = active["primaryContainer"]
    assert (active["cpu"], active["memory"], active["healthCheckPath"]) == ("1024", "2048", "/health")
    assert (main["containerPort"], main["awsLogsConfiguration"]["logGroup"]) == (5001, "/ecs/carepolicy-hub")
    assert {each["name"]: each["value"] for each in main["environment"]}["APP_BASE_URL"] == outputs(made)["url"]
    assert {each["name"] for each in main["secrets"]} == {"SECRET_KEY", "JWT_SECRET", "GROQ_API_KEY"}
    assert active["ingressPaths"][0]["accessType"] == "PUBLIC"


@pytest.mark.parametrize("way", ADDRESS)
def test_a_version_that_crashes_is_rolled_back_and_told(way: str, practice: Practice) -> None:
    assert replay(practice, way).code == 0
    manifest = '{"schemaVersion": 2, "layers": [], "annotations": {"tag": "v2-crash"}}'
    media = "application/vnd.oci.image.manifest.v1+json"
    aws(practice).write(
        "ecr",
        "put_image",
        repositoryName="carepolicy-hub",
        imageTag="v2-crash",
        imageManifest=manifest,
        imageManifestMediaType=media,
    )
    failed = replay(practice, way, "--tag", "v2-crash")
    assert (failed.code, failed.last["verdict"]) == (6, "rolled_back"), failed.stdout[-2500:]
    repaired = replay(practice, way)
    assert (repaired.code, repaired.last["verdict"]) == (0, "no_changes"), repaired.stdout[-2500:]


def test_where_app_runner_is_closed_the_way_out_is_told_and_leads_to_express(practice: Practice) -> None:
    practice.control("POST", "app-runner", {"open": False})
    refused = replay(practice, "apprunner")
    assert refused.code == 7, refused.stdout[-2500:]
    assert "App Runner is closed to this account" in refused.stdout
    assert "ecs-express" in refused.stdout
    assert not [item for item in practice.inventory() if item["service"] == "apprunner"]
    taken = replay(practice, "express")
    assert (taken.code, taken.last["verdict"]) == (0, "ok"), taken.stdout[-2500:]


def test_no_line_of_a_starter_is_too_long_and_most_choices_are_explained() -> None:
    for way in ADDRESS:
        text = (ROOT / "blueprints" / f"carepolicy-hub-{way}.yaml").read_text(encoding="utf-8")
        assert max(len(line) for line in text.splitlines()) <= 120
        assert text.count(" # ") >= 35
