"""Images are built and pushed with whatever builder the machine has, and ECR's password is left nowhere."""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.images.builders import Bench
from wizard.blueprint.model import Build
from wizard.cli.image import _leave
from wizard.cli.report import Report
from wizard.errors import AwsError, ExitCode, NeedsPerson, PreflightError, UsageError, WaitingOutside
from wizard.images import process, work
from wizard.images.builder import Builder, Login, find_builder
from wizard.images.registry import Repository, read_repository, sign_in
from wizard.images.wanted import Wanted
from wizard.images.work import Image

PASSWORD = "eyJwYXlsb2FkIjoi-twelve-hours"
HOST = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
URI = f"{HOST}/shop-web"
DIGEST = "sha256:" + "ab" * 32


class Ecr:
    """An ECR in which a push shows, and its password."""

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        if operation == "get_authorization_token":
            token = base64.b64encode(f"AWS:{PASSWORD}".encode()).decode()
            return {"authorizationData": [{"authorizationToken": token, "proxyEndpoint": f"https://{HOST}"}]}
        if operation == "describe_images":
            return {"imageDetails": [{"imageDigest": DIGEST}]}
        raise AwsError(f"ecr:{operation}", "RepositoryNotFoundException", "no such repository")

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        return iter(())

    write = once = read


def wanted(**changes: Any) -> Wanted:
    fields: dict[str, Any] = {"service": "web", "container": "web", "architecture": "arm64", "repository": "shop-web"}
    return Wanted(**fields | {"tag": "v1", "build": Build(context="app", arguments={"MODE": "live"})} | changes)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
    return tmp_path


def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *names: str, **more: Any) -> Bench:
    made = Bench.with_builders(tmp_path / "bin", *names, **more)
    monkeypatch.setenv("PATH", made.path)
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"):
        monkeypatch.delenv(name, raising=False)
    return made


def image(one: Wanted) -> Image:
    (found,) = work.distinct([one])
    return found


@pytest.mark.parametrize("name", ["docker", "finch", "nerdctl", "podman", "buildah"])
def test_every_builder_builds_for_the_processor_of_the_service_and_pushes(
    name: str, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used, lines = bench(sources, monkeypatch, name), list[str]()
    builder, one = find_builder(), image(wanted())
    built = work.build(builder, one, sources, lines.append)
    with builder.signed_in(sign_in(Ecr(), HOST), lines.append) as session:
        pushed = work.push(session, Ecr(), one, URI, lines.append)

    assert (built.reference, built.platform, built.containers) == ("shop-web:v1", "linux/arm64", ("web",))
    assert (pushed.reference, pushed.digest) == (f"{URI}:v1", DIGEST)
    words = used.words("bud" if name == "buildah" else "build")
    assert words[words.index("--platform") + 1] == "linux/arm64"
    assert words[words.index("--file") + 1] == str(sources / "app" / "Dockerfile")
    assert words[words.index("--build-arg") + 1] == "MODE=live"
    assert words[-1] == str(sources / "app")
    assert used.words("push")[-1] == f"{URI}:v1"
    assert "progress 100%" in lines, "a line that redraws itself is told as it ends, without colours"


@pytest.mark.parametrize("name", ["docker", "nerdctl", "podman", "buildah"])
def test_the_password_is_given_on_stdin_and_left_nowhere(
    name: str, sources: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    used, lines = bench(sources, monkeypatch, name), list[str]()
    builder, one = find_builder(), image(wanted())
    work.build(builder, one, sources, lines.append)
    with builder.signed_in(sign_in(Ecr(), HOST), lines.append) as session:
        work.push(session, Ecr(), one, URI, lines.append)

    (login,) = used.calls("login")
    assert login["stdin"] == PASSWORD
    (push,) = used.calls("push")
    assert push["knows"]["auths"][HOST]["auth"] == PASSWORD, "the push is signed in"
    assert used.calls("logout")
    assert not [each for each in used.calls() if PASSWORD in " ".join(each["words"])]
    assert PASSWORD not in "\n".join(lines)
    assert f"signed in to {HOST}" in lines
    assert not [line for line in lines if line.startswith("signed in with")], "what a login says is nobody's matter"
    assert list(scratch.iterdir()) == []
    assert PASSWORD not in repr(Login(HOST, "AWS", PASSWORD))


def test_docker_signs_in_where_its_context_points_and_looks_for_no_keychain(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = bench(sources, monkeypatch, "docker")
    monkeypatch.setenv("DOCKER_CONTEXT", "colima")
    with find_builder().signed_in(sign_in(Ecr(), HOST), print):
        pass
    (login,) = used.calls("login")
    assert login["docker_host"] == "unix:///run/somewhere/docker.sock"
    assert login["docker_context"] == ""
    assert list(login["knows"]["auths"]) == [HOST], "settings that name a registry keep docker from the keychain"


@pytest.mark.parametrize("buildx", [True, False])
def test_dockers_newer_builder_is_told_to_keep_the_image_and_the_older_one_is_not(
    buildx: bool, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = bench(sources, monkeypatch, "docker", buildx=buildx)
    work.build(find_builder(), image(wanted()), sources, print)
    assert ("--load" in used.words("build")) is buildx


def test_the_first_builder_that_answers_is_taken(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used = bench(sources, monkeypatch, "buildah", "podman")
    assert find_builder().name == "podman"
    used.fail({"version": "Cannot connect to the machine"})
    with pytest.raises(PreflightError) as refused:
        find_builder()
    assert "podman is installed and does not answer: Cannot connect to the machine" in refused.value.evidence
    assert "buildah is installed and does not answer" in refused.value.evidence


def test_without_a_builder_the_error_says_what_to_install_or_do_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench(tmp_path, monkeypatch)
    with pytest.raises(PreflightError) as refused:
        find_builder()
    assert refused.value.exit_code is ExitCode.PREFLIGHT
    assert "none of docker, finch, nerdctl, podman, buildah is installed" in refused.value.evidence
    assert "podman.io" in refused.value.next_step
    assert "name an image that exists" in refused.value.next_step


def test_a_build_that_fails_shows_the_last_words_of_the_builder(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench(sources, monkeypatch, "docker", failing={"build": "COPY failed: no source files were specified"})
    with pytest.raises(NeedsPerson) as failed:
        work.build(find_builder(), image(wanted()), sources, print)
    assert "COPY failed: no source files" in failed.value.evidence
    assert str(sources / "app" / "Dockerfile") in failed.value.next_step


def test_a_refused_login_pushes_nothing_and_keeps_the_password_to_itself(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = bench(sources, monkeypatch, "buildah", failing={"login": "invalid password PASSWORD"})
    with (
        pytest.raises(NeedsPerson) as refused,
        find_builder().signed_in(sign_in(Ecr(), HOST), print),
    ):
        pytest.fail("a refused login gives no session")
    assert refused.value.evidence == "invalid password (hidden)"
    assert not used.calls("push")


def test_who_leaves_in_the_middle_of_a_push_leaves_no_password_and_no_builder(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench(sources, monkeypatch, "podman")
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    with find_builder().signed_in(sign_in(Ecr(), HOST), print) as session:
        assert PASSWORD in (session.folder / "auth.json").read_text()
        with pytest.raises(TypeError, match="one line is enough"):
            process.run([sys.executable, "-c", SLEEPER], one_line_and_leave)
        assert not session.folder.exists()
    assert ended == [ExitCode.INTERRUPTED]


SLEEPER = "import time; print('pushing', flush=True); time.sleep(60)"


def one_line_and_leave(line: str) -> None:
    _leave(Report())
    raise TypeError("one line is enough")


@pytest.mark.parametrize(
    ("words", "error", "summary"),
    [
        ("tag invalid: The image tag 'v1' already exists and is immutable", UsageError, "the tag v1 is taken"),
        ("write: no space left on device", NeedsPerson, f"docker could not push {URI}:v1"),
    ],
)
def test_a_push_that_fails_says_what_to_do(
    words: str, error: type[Exception], summary: str, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench(sources, monkeypatch, "docker", failing={"push": words})
    builder, one = find_builder(), image(wanted())
    work.build(builder, one, sources, print)
    with builder.signed_in(sign_in(Ecr(), HOST), print) as session, pytest.raises(error, match=summary):
        work.push(session, Ecr(), one, URI, print)


def test_an_image_without_a_recipe_is_pushed_as_it_was_built_elsewhere(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench(sources, monkeypatch, "podman")
    builder, bare = find_builder(), image(wanted(build=None))
    with pytest.raises(UsageError, match="podman has no image shop-web:v1") as refused:
        work.local_name(builder, bare, URI)
    assert "--platform linux/arm64 --tag shop-web:v1" in refused.value.next_step
    work.build(builder, image(wanted()), sources, print)
    assert work.local_name(builder, bare, URI) == "shop-web:v1"


def test_before_a_replay_there_is_no_place_for_an_image() -> None:
    place = read_repository(Ecr(), "shop-web")
    with pytest.raises(WaitingOutside) as refused:
        work.insist_on_place(image(wanted()), place, "pilotage replay shop.yaml")
    assert refused.value.next_step.startswith("pilotage replay shop.yaml   makes it")


def test_a_tag_that_is_taken_for_ever_is_refused_before_anything_is_built() -> None:
    kept = work_repository(immutable=True, tags=("v1",))
    with pytest.raises(UsageError, match="the tag v1 is taken in shop-web"):
        work.insist_on_place(image(wanted()), kept, "")
    work.insist_on_place(image(wanted(tag="v2")), kept, "")
    work.insist_on_place(image(wanted()), work_repository(immutable=False, tags=("v1",)), "")


def work_repository(*, immutable: bool, tags: tuple[str, ...]) -> Repository:
    from wizard.images.registry import Kept

    return Repository("shop-web", URI, immutable, (Kept(DIGEST, tags, None, 0),))


def test_containers_share_an_image_and_must_agree_how_it_is_built() -> None:
    api, worker = wanted(), wanted(service="worker", container="worker", build=None)
    (one,) = work.distinct([api, worker])
    assert (one.containers, one.wanted.build) == (("web", "worker"), api.build)
    for other in (wanted(container="b", build=Build(target="b")), wanted(container="b", architecture="x86_64")):
        with pytest.raises(UsageError, match="cannot be built in two ways") as refused:
            work.distinct([api, other])
        assert "web, web/b" in refused.value.evidence


@pytest.mark.parametrize(
    ("build", "missing"), [(Build(context="gone"), "gone"), (Build(context="app", dockerfile="Other"), "app/Other")]
)
def test_a_file_that_is_not_there_is_named_before_the_builder_is_asked(
    build: Build, missing: str, sources: Path
) -> None:
    with pytest.raises(UsageError) as refused:
        work.build(Builder("docker", "/nowhere"), image(wanted(build=build)), sources, print)
    assert refused.value.summary == f"{sources / missing} is not there"
