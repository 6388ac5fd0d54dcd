"""A container image that must already be in ECR."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.engine.kind import Context, FoundKind, Live, Properties
from wizard.errors import AwsError

ABSENT = ("ImageNotFoundException", "RepositoryNotFoundException")


class Image(FoundKind):
    """Tags move; a task definition that names the digest runs the same image for ever, also after a rollback."""

    name = "image"
    title = "container image"
    poll_seconds = 10
    iam = {"read": ("ecr:DescribeImages",), "create": (), "update": (), "delete": ()}

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the gigabyte kept."""
        return 0.0

    def limit_seconds(self, properties: Properties) -> float:
        """As long as the person said they would wait for a push."""
        return 60.0 * (properties.get("wait_minutes") or 0)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeImages for each image: a batch fails as a whole when one tag is absent."""
        found = []
        for address, properties in wanted.items():
            repository, tag, uri = (properties.get(key) for key in ("repository", "tag", "repository_uri"))
            if not all(isinstance(value, str) for value in (repository, tag, uri)):
                continue
            digest = self._digest(context, str(repository), str(tag))
            if digest:
                pinned = f"{uri}@{digest}"
                found.append(Live(address, pinned, properties, {"id": pinned, "uri": pinned, "digest": digest}))
        return found

    @staticmethod
    def _digest(context: Context, repository: str, tag: str) -> str:
        """The digest behind a tag (or the digest itself), empty when ECR does not have it."""
        which = {"imageDigest": tag} if tag.startswith("sha256:") else {"imageTag": tag}
        try:
            answer = context.aws.read("ecr", "describe_images", repositoryName=repository, imageIds=[which])
        except AwsError as error:
            if error.code in ABSENT:
                return ""
            raise
        return str(answer["imageDetails"][0]["imageDigest"]) if answer["imageDetails"] else ""

    def missing(self, properties: Properties) -> str:
        """Which image, and the command that pushes it."""
        repository, tag, uri = (properties.get(key) for key in ("repository", "tag", "repository_uri"))
        where = uri if isinstance(uri, str) else repository
        return f"image {repository}:{tag} is not in ECR; push it: docker push {where}:{tag}"
