"""The changes that people make to what runs, and all that each of them does: services, ways in, network, watching.

Read a row as: whoever writes this instead of that into the file gets these resources created, updated, replaced or
deleted, and nothing else. `changes_of_data.py` goes on with data, secrets and whole deployments. Created comes before
deleted, always; what would lose data names it.
"""

from __future__ import annotations

from tests.acceptance.change import Edit, Row

SHOP, NOTES, PAGE = "shop", "notes", "page"
A_CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/11111111-2222-3333-4444-555555555555"


def edit(old: str, new: str) -> tuple[Edit, ...]:
    """One place of the file."""
    return (Edit(old, new),)


def beside_size(line: str) -> tuple[Edit, ...]:
    """One more line for the service `web`."""
    return edit("    cpu: 512\n", f"    cpu: 512\n    {line}\n")


NEW_REVISION = "task_definition service"

SERVICES = (
    Row("a new image", SHOP, edit("tag: v1}\n        port", "tag: main}\n        port"), update=NEW_REVISION),
    Row("more memory", SHOP, edit("memory: 1024", "memory: 2048"), update=NEW_REVISION, carried_out=True),
    Row("another environment variable", SHOP, edit("LOG_LEVEL: info", "LOG_LEVEL: debug"), update=NEW_REVISION),
    Row(
        "a second container",
        SHOP,
        edit("    rights:\n", "      proxy: {image: public.ecr.aws/nginx/nginx:1.29, essential: false}\n    rights:\n"),
        update=NEW_REVISION,
        carried_out=True,
    ),
    Row(
        "another port",
        SHOP,
        edit("port: 8080", "port: 8081"),
        create="security_group_rule*2",
        replace="target_group.web",
        update="alarm*2 listener.https task_definition.web service.web",
        delete="security_group_rule*2 target_group.web",
        why="the old target group serves until a task behind the new one is well",
        carried_out=True,
    ),
    Row("another health path", SHOP, edit("path: /health", "path: /ready"), update="target_group"),
    Row("three tasks", SHOP, beside_size("count: 3"), update="alarm service"),
    Row("autoscaling", SHOP, beside_size("autoscaling: {max: 4, cpu: 60}"), create="scalable_target scaling_policy"),
    Row(
        "spare capacity (Spot)",
        SHOP,
        beside_size("spot: true"),
        update="cluster service.web",
        why="the service stays; ECS starts new tasks on Spot, then stops the old ones",
        carried_out=True,
    ),
    Row(
        "another processor (ARM64)",
        SHOP,
        beside_size("architecture: arm64"),
        update=NEW_REVISION,
        why="the image must be built for it; a version that cannot start is rolled back",
    ),
    Row(
        "rolling to blue/green",
        SHOP,
        beside_size("deploy: {strategy: blue-green}"),
        create="alarm listener_rule role target_group",
        update="alarm*2 service",
    ),
    Row(
        "a renamed service",
        SHOP,
        (Edit("  web:\n    cpu", "  site:\n    cpu"), Edit("{service: web,", "{service: site,")),
        create="alarm*4 log_group.site role.site security_group.site security_group_rule*7 service.site "
        "target_group.site task_definition.site",
        update="listener.https role.execution",
        delete="alarm*4 log_group.web role.web security_group.web security_group_rule*7 service.web "
        "target_group.web task_definition.web",
        why="a second service is made; requests move when it is well, then the old one goes, with its logs",
        carried_out=True,
    ),
    Row(
        "a renamed container",
        SHOP,
        edit("      web:\n        image", "      site:\n        image"),
        update="security_group_rule task_definition service",
    ),
    Row(
        "App Runner to Express Mode",
        PAGE,
        edit("kind: app-runner", "kind: ecs-express"),
        create="cluster express_service.page log_group role.page-execution role.page-infrastructure",
        update="role.page",
        delete="app_runner_scaling app_runner_service.page role.page-access",
        why="another address; until Express serves, App Runner does, and may use the role that both have",
        carried_out=True,
    ),
    Row("more memory on App Runner", PAGE, edit("memory: 2048", "memory: 4096"), update="app_runner_service"),
)

WAYS_IN = (
    Row(
        "a new path rule",
        SHOP,
        edit("    - {service: web,", "    - {service: web, path: /api/*}\n    - {service: web,"),
        create="listener_rule",
    ),
    Row(
        "another host",
        SHOP,
        edit("host: shop.", "host: store."),
        replace="certificate.main record.main record.validation",
        update="listener.https",
        delete="certificate.main record.main",
        why="the old name answers until the new one does",
        carried_out=True,
    ),
    Row(
        "a certificate of one's own",
        SHOP,
        edit("certificate: dns", f'certificate: "{A_CERTIFICATE}"'),
        update="listener",
        delete="certificate record.validation",
    ),
    Row(
        "a firewall (WAF)",
        SHOP,
        edit("certificate: dns\n", "certificate: dns\n  waf: true\n"),
        create="web_acl web_acl_association",
    ),
    Row(
        "port 80 closed",
        SHOP,
        edit("certificate: dns\n", "certificate: dns\n  http: closed\n"),
        delete="listener security_group_rule",
    ),
)

NETWORK = (
    Row(
        "fewer zones",
        SHOP,
        edit("[a, b, c]", "[a, b]"),
        update="db_subnet_group load_balancer route_table*2 service*2",
        delete="mount_target subnet*2",
        why="the zone stays connected until the tasks have left it",
    ),
    Row(
        "one more zone",
        SHOP,
        edit("[a, b, c]", "[a, b, c, d]"),
        create="mount_target subnet*2",
        update="db_subnet_group load_balancer route_table*2 service*2",
    ),
    Row(
        "a NAT gateway in each zone",
        SHOP,
        edit("nat: one", "nat: per-zone"),
        create="elastic_ip*2 nat_gateway*2 route_table*3",
        update="vpc_endpoint",
        delete="route_table.private",
        carried_out=True,
    ),
    Row(
        "tasks from public to private subnets",
        NOTES,
        edit("tasks: public, nat: none", "tasks: private, nat: one"),
        create="elastic_ip nat_gateway",
        update="route_table.private service",
    ),
    Row(
        "tasks from private to public subnets",
        SHOP,
        edit("tasks: private\n  nat: one", "tasks: public\n  nat: none"),
        replace="mount_target*3",
        update="route_table.private service*2 vpc_endpoint",
        delete="elastic_ip nat_gateway",
        why="EFS has one mount target a zone: the old tasks lose their files until the new ones run",
    ),
    Row(
        "one more endpoint",
        SHOP,
        edit("endpoints: [s3]", "endpoints: [s3, ecr.dkr]"),
        create="security_group security_group_rule*2 vpc_endpoint",
    ),
    Row(
        "other addresses for the VPC",
        SHOP,
        edit("  zones:", "  cidr: 10.9.0.0/16\n  zones:"),
        refused="vpc.main: everything stands in its addresses",
    ),
    Row(
        "another VPC",
        SHOP,
        edit("kind: new-vpc\n  zones: [a, b, c]\n  tasks: private\n  nat: one\n  endpoints: [s3]", "kind: default-vpc"),
        refused="AWS moves nothing to another VPC",
    ),
)

WATCHING = (
    Row("a longer retention", SHOP, edit("log_days: 30", "log_days: 365"), update="log_group*2", carried_out=True),
    Row("alarms off", SHOP, edit("alarms: true", "alarms: false"), delete="alarm*14 topic"),
)
