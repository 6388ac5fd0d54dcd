"""CPU and memory: the pairs that Fargate and App Runner sell, and the shares of containers in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.blueprint.model import AppRunner, Blueprint
from wizard.blueprint.problems import Finding, listing

_GIB = 1024


def _gib(first: int, last: int, step: int = 1) -> tuple[int, ...]:
    return tuple(count * _GIB for count in range(first, last + 1, step))


# RegisterTaskDefinition answers any other pair with a ClientException (Fargate task sizes, October 2026).
FARGATE_SIZES: Mapping[int, tuple[int, ...]] = {
    256: (512, *_gib(1, 2)),
    512: _gib(1, 4),
    1024: _gib(2, 8),
    2048: _gib(4, 16),
    4096: _gib(8, 30),
    8192: _gib(16, 60, 4),
    16384: _gib(32, 120, 8),
    32768: (60 * _GIB, 120 * _GIB, 244 * _GIB),
}
APP_RUNNER_SIZES: Mapping[int, tuple[int, ...]] = {
    256: (512, 1024),
    512: (1024,),
    1024: (2048, 3072, 4096),
    2048: (4096, 6144),
    4096: (8192, 10240, 12288),
}


def nearest_pair(cpu: int, memory: int, sizes: Mapping[int, tuple[int, ...]]) -> tuple[int, int]:
    """The pair on sale that is closest to a wish, and rather larger than smaller in memory."""
    base = cpu if cpu in sizes else min(sizes, key=lambda each: (abs(each - cpu), -each))
    fits = [each for each in sizes[base] if each >= memory]
    return base, min(fits) if fits else max(sizes[base])


def task_sizes(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """CPU and memory of a service must be a pair that can be bought."""
    for name, service in blueprint.services.items():
        runner = isinstance(service, AppRunner)
        sizes, seller = (APP_RUNNER_SIZES, "App Runner") if runner else (FARGATE_SIZES, "Fargate")
        if service.memory in sizes.get(service.cpu, ()):
            continue
        cpu, memory = nearest_pair(service.cpu, service.memory, sizes)
        hint = f"nearest is cpu: {cpu} with memory: {memory}"
        if service.cpu not in sizes:
            rule = f"cpu is one of {listing(str(each) for each in sizes)}"
        else:
            rule = f"with cpu: {service.cpu} memory is {_range(sizes[service.cpu])}"
        yield Finding(
            ("services", name, "memory" if service.cpu in sizes else "cpu"),
            f"{seller} has no size with {service.cpu} CPU units and {service.memory} MiB: {rule}",
            hint,
            reads=(("services", name, "cpu"), ("services", name, "memory")),
        )


def _range(memories: tuple[int, ...]) -> str:
    if len(memories) < 4:
        return listing(str(each) for each in memories)
    return f"{memories[0]} to {memories[-1]} in steps of {memories[1] - memories[0]}"


def container_shares(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Containers cannot have more than their task."""
    for name, service in blueprint.services.items():
        for key, whole in (("cpu", service.cpu), ("memory", service.memory)):
            shares = [getattr(container, key) or 0 for container in service.containers.values()]
            if sum(shares) > whole:
                message = f"the containers of `{name}` together ask for {sum(shares)} {key}, its task has {whole}"
                yield Finding(("services", name, key), message, f"raise `{key}` of the service or lower the shares")
