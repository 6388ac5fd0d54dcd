"""Causes that keep an image from being pulled: ECR, GHCR, Docker Hub, and the way to them."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, any_of, log_says, says

UNREACHABLE = (
    r"(?:i/o timeout|deadline exceeded|no such host|connection refused|connection reset|request canceled"
    r"|Client\.Timeout|TLS handshake timeout|connection issue|network is unreachable|no route to host|timed out"
    r"|server misbehaving|RequestCanceled)"
)
PULL = r"(?:CannotPull|pull command failed|pull image manifest|failed to resolve ref|ref pull|Failed to pull)"

RULES: tuple[Rule, ...] = (
    Rule(
        "wrong architecture",
        any_of(
            says(
                r"does not contain descriptor matching platform '?(?P<platform>[\w/]+)",
                r"no match(?:ing manifest)? for (?:platform in manifest|(?P<platform>[\w/]+))",
                r"does not match the (?:specified|detected) (?:host )?platform",
                r"cannot be used on this platform",
                r"exec format error",
            ),
            log_says(
                r"exec format error", r"rosetta error", r"cannot execute(?: binary file)?: (?:Exec format|required)"
            ),
        ),
        "the image {image} is built for another processor architecture",
        "docker buildx build --platform linux/amd64 --tag {target} --push .   (linux/arm64 for ARM64 tasks)",
        final=True,
    ),
    Rule(
        "image pull rate limit",
        says(r"toomanyrequests", rf"{PULL}.*(?:429|rate limit|rate exceeded|Too Many Requests)"),
        "the registry of {image} limits how often it may be pulled from, and the limit is reached",
        "aws ecr create-pull-through-cache-rule --ecr-repository-prefix docker-hub --upstream-registry-url "
        "registry-1.docker.io --credential-arn SECRET_ARN   (or copy the image into ECR)",
    ),
    Rule(
        "registry certificate not trusted",
        says(rf"{PULL}.*(?:x509|certificate)", rf"{PULL}.*server gave HTTP response to HTTPS client"),
        "the registry of {image} shows a certificate that AWS does not trust",
        "openssl s_client -connect REGISTRY:443 -brief",
        final=True,
    ),
    Rule(
        "disk full while pulling",
        says(r"(?:CannotPull|failed to (?:extract|register|copy|write)|unpack).*no space left on device"),
        "the image {image} does not fit on the task's disk",
        "raise ephemeral_storage of the service in the blueprint (21 to 200 GiB), then: pilotage replay FILE",
        final=True,
    ),
    Rule(
        "image name invalid",
        says(r"invalid reference format", r"could not parse (?:the )?(?:image|reference)", r"repository name must be"),
        "the name of the image {image} is not one that a registry understands",
        "{rollback}",
        final=True,
    ),
    Rule(
        "image was removed",
        says(
            r"(?P<digest>@?sha256:[0-9a-f]{6,64})[^\n]*(?:not found|does not exist|manifest unknown|404)",
            r"(?:not found|manifest unknown)[^\n]*(?P<digest>@sha256:[0-9a-f]{6,64})",
        ),
        "the image {image} with the digest of this version is no longer in its registry: a lifecycle rule or a person "
        "removed it",
        "{rollback}",
        final=True,
    ),
    Rule(
        "registry login refused",
        says(
            rf"{PULL}.*(?:401 Unauthorized|unauthorized:|authentication required|incorrect username or password)",
            rf"{PULL}.*(?:failed to fetch (?:anonymous|oauth) token|failed to authorize)(?!.*{UNREACHABLE})",
            r"(?:registry auth|repositoryCredentials).*(?:malformed|invalid|json)",
        ),
        "the registry of {image} refuses the login: it is private, and the user name or token is missing, wrong or "
        "expired",
        "aws secretsmanager put-secret-value --secret-id SECRET --secret-string "
        '\'{{"username":"NAME","password":"TOKEN"}}\'   (the secret that repositoryCredentials names)',
        final=True,
    ),
    Rule(
        "image access denied",
        says(
            rf"{PULL}.*(?:403 Forbidden|AccessDenied|not authorized|no basic auth|denied:|insufficient_scope"
            r"|pull access denied)",
            r"not authorized to perform: ecr",
            r"registry auth from Amazon ECR:(?!.*connection issue).*denied",
        ),
        "the image {image} may not be pulled: the execution role or the registry lacks the permission, or it does not "
        "exist",
        "aws ecr get-repository-policy --repository-name {repository}",
        final=True,
    ),
    Rule(
        "image not found",
        says(
            rf"{PULL}.*(?:not found|manifest unknown|name unknown|does not exist|404|no such image)",
            r"CannotPullImageManifestError",
        ),
        "the image {image} does not exist",
        "docker push {target}",
        final=True,
    ),
    Rule(
        "registry not reachable",
        says(
            rf"{PULL}.*(?:dial tcp|{UNREACHABLE})",
            rf"(?:registry auth from Amazon ECR|ecr registry auth|api\.ecr|starport).*{UNREACHABLE}",
        ),
        "the registry of {image} cannot be reached from the task's subnets: no NAT gateway, public address or "
        "endpoint, or a security group is closed",
        "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=SUBNET   (a route to nat- or igw- "
        "must be there)",
    ),
    Rule(
        "image format not supported",
        says(rf"{PULL}.*(?:media ?type|unsupported|unknown blob|schema)", r"unpack.*(?:mismatched|unknown layer type)"),
        "the image {image} is stored in a form that AWS cannot start",
        "docker buildx build --provenance=false --tag {target} --push .",
        final=True,
    ),
    Rule(
        "image pull failed",
        says(r"CannotPull\w*Error", r"pull command failed"),
        "the image {image} cannot be pulled",
    ),
)
