"""A shared file system: encrypted at rest and on the way, reached by those services alone that mount it."""

from __future__ import annotations

from wizard.blueprint.model import Efs
from wizard.engine.graph import Resource
from wizard.options.registry import Option
from wizard.options.site import Files, Site
from wizard.options.traffic import group, let_in, let_out

_PORT = 2049
_USER = 1000
"""Every file belongs to this user, whoever a container runs as: two services can share them."""


def expand(site: Site, name: str, choice: Efs) -> Site:
    """Add the file system, its door in each subnet of tasks, and the folder that is mounted."""
    files = Resource(
        "file_system",
        name,
        {
            "name": site.name(f"file_system.{name}"),
            "encrypted": True,
            "performance": "generalPurpose",
            "backups": choice.backup,
            "to_ia_days": choice.to_ia_after_days or 0,
            **site.seal(),
        },
    )
    folder = Resource(
        "access_point",
        name,
        {
            "name": site.name(f"file_system.{name}"),
            "file_system": files.ref("id"),
            "path": f"/{name}",
            "uid": _USER,
            "gid": _USER,
        },
    )
    doors = group(site, f"files-{name}", f"Files of {name}")
    ours = doors.ref("id")
    rules = []
    for service in site.services_with_mount(name):
        theirs = site.groups[service]
        rules += [
            let_in(f"files-{name}-from-{service}", ours, _PORT, theirs, f"NFS over TLS, from {service}"),
            let_out(f"{service}-to-files-{name}", theirs, _PORT, ours, f"NFS over TLS, to the files of {name}"),
        ]
    targets = [
        Resource(
            "mount_target",
            f"{name}-{number}",
            {"file_system": files.ref("id"), "subnet": subnet, "security_groups": [ours]},
        )
        for number, subnet in enumerate(site.network.task_subnets, 1)
    ]
    made = Files(
        files.ref("id"),
        files.ref("arn"),
        folder.ref("id"),
        folder.ref("arn"),
        tuple(target.ref("id") for target in targets),
    )
    return site.plus(
        files,
        folder,
        doors,
        *rules,
        *targets,
        files={**site.files, name: made},
        placeholders={**site.placeholders, f"file_system.{name}": files.ref("id")},
    )


OPTION = Option("storage", Efs, expand)
