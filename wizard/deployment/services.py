"""Which service a person means: `APP/ENV/SERVICE`, `APP/ENV` with one service, or a cluster and a name."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.engine.kind import Calls
from wizard.errors import UsageError
from wizard.release.finding import Found, app_runner_services, in_cluster, made_by_pilotage, of_the_account
from wizard.release.service_ref import ServiceRef


def find_services(aws: Calls, name: str = "", *, everything: bool = False) -> list[Found]:
    """Services of `APP[/ENV[/SERVICE]]`, all that Pilotage made, or every one of the account and Region."""
    if everything:
        return of_the_account(aws)
    found = made_by_pilotage(aws, name)
    if found or not name:
        return found
    # The index of tags lags behind a new service.
    return [one for one in of_the_account(aws) if one.ref.is_ours and _is_under(one.ref, name)]


def _is_under(ref: ServiceRef, name: str) -> bool:
    return f"{ref.title}/".startswith(f"{name}/")


def find_one(aws: Calls, target: str, *, cluster: str, service: str, place: str) -> ServiceRef:
    """The one service; raises `UsageError` with what there is when none or several are meant."""
    if target and (cluster or service):
        raise _unclear(f"{target} and --cluster or --service name a service twice", "leave one of them out")
    if cluster and not service:
        raise _unclear("--cluster alone names no service", f"--cluster {cluster} --service SERVICE")
    if service:
        return _by_name(aws, cluster, service, place)
    if not target:
        raise _unclear("no service is named", "APP/ENV/SERVICE, or --cluster CLUSTER --service SERVICE")
    if target.count("/") == 0:
        raise _unclear(f"`{target}` does not name a service", f"{target}/ENV/SERVICE; pilotage status lists them")
    found = [one.ref for one in find_services(aws, target)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise _unknown(aws, target, place)
    raise UsageError(
        f"{target} has {len(found)} services: say which",
        evidence=", ".join(one.title for one in sorted(found, key=lambda one: one.title)),
        safe="nothing was changed",
        next_step=f"{target}/SERVICE",
    )


def _by_name(aws: Calls, cluster: str, service: str, place: str) -> ServiceRef:
    if cluster:
        found = in_cluster(aws, cluster.rpartition("/")[2], service)
        if found is None:
            raise UsageError(
                f"the cluster {cluster} has no service {service}",
                evidence=f"looked in {place}",
                safe="nothing was changed",
                next_step="pilotage status --all   lists every service of the account and Region",
            )
        return found.ref
    several = [*app_runner_services(aws, service)]
    several += [one for one in of_the_account(aws) if one.ref.cluster and one.ref.name == service]
    if len(several) == 1:
        return several[0].ref
    if not several:
        raise UsageError(
            f"no service is called {service}",
            evidence=f"looked at every cluster and at App Runner in {place}",
            safe="nothing was changed",
            next_step="pilotage status --all   lists every service of the account and Region",
        )
    raise UsageError(
        f"{len(several)} services are called {service}: say which",
        evidence=", ".join(one.ref.title for one in several),
        safe="nothing was changed",
        next_step=f"--cluster CLUSTER --service {service}",
    )


def _unknown(aws: Calls, target: str, place: str) -> UsageError:
    known = sorted(one.ref.title for one in made_by_pilotage(aws))
    return UsageError(
        f"no service is called {target}",
        evidence=f"known in {place}: {_some(known)}",
        safe="nothing was changed",
        next_step="pilotage status   lists them; pilotage status --all lists every service of the account",
    )


def _some(names: Sequence[str], most: int = 12) -> str:
    if not names:
        return "none"
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _unclear(what: str, hint: str) -> UsageError:
    return UsageError(
        what,
        evidence="a service is APP/ENV/SERVICE, such as chatkit/prod/backend; one that Pilotage did not make is named "
        "by its cluster",
        safe="nothing was changed",
        next_step=hint,
    )
