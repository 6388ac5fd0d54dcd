"""Own image repositories, and for each container the image that it runs, pinned by its digest.

A tag may move; a digest cannot. A revision that names a digest means the same image on the day of a roll-back.
"""

from __future__ import annotations

from collections import Counter

from wizard.blueprint.model import OwnImage
from wizard.engine.graph import Resource
from wizard.options.site import Site, Value


def add(site: Site) -> Site:
    """Add repositories, and the images in them unless stand-ins are asked for."""
    repositories: dict[str, Resource] = {}
    lookups: list[Resource] = []
    images: dict[tuple[str, str], Value] = {}
    uses = Counter(name for service in site.blueprint.services.values() for name in service.containers)
    for service, choice in site.blueprint.services.items():
        for name, container in choice.containers.items():
            image = container.image
            if not isinstance(image, OwnImage):
                images[service, name] = image
                continue
            repository = repositories.setdefault(image.repository, _repository(site, image.repository))
            if not site.expansion.placeholder_images:
                found = _image(site, name if uses[name] == 1 else f"{service}-{name}", image, repository)
                lookups.append(found)
                images[service, name] = found.ref("uri")
    return site.plus(
        *repositories.values(),
        *lookups,
        repositories=tuple(repository.ref("arn") for _, repository in sorted(repositories.items())),
        images=images,
    )


def _repository(site: Site, name: str) -> Resource:
    rules = site.blueprint.delivery.images
    return Resource(
        "repository",
        name,
        {
            "name": site.name(f"repository.{name}"),
            "scan_on_push": rules.scan,
            "immutable_tags": rules.immutable_tags,
            "encryption": site.key if site.sealed else "aes256",
            "user": True,
        },
    )


def _image(site: Site, name: str, image: OwnImage, repository: Resource) -> Resource:
    return Resource(
        "image",
        name,
        {
            "repository": repository.ref("name"),
            "repository_uri": repository.ref("uri"),
            "tag": site.expansion.tag or image.tag,
            "wait_minutes": site.expansion.wait_image_minutes,
        },
    )
