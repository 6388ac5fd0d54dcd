"""Causes that the application names in its own log: settings, code, files, ports, rights in AWS."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, log_says

NAME = r"(?-i:[A-Z][A-Z0-9_]{2,})"
TRY = "docker run --rm {image}   (the same line appears on your machine), or at once: {rollback}"

RULES: tuple[Rule, ...] = (
    Rule(
        "environment variable missing",
        log_says(
            rf"KeyError: ['\"](?P<name>{NAME})['\"]",
            rf"(?:environment|env)\W?(?: ?var\w*)?:?\W+(?P<name>{NAME})\W+(?:is |must be |was )?"
            r"(?:not|missing|required|unset|undefined|empty)",
            r"(?:missing|required|unset|undefined|set the)(?: required)? (?:env\w*(?: ?var\w*)?|config\w*|setting)"
            rf"s?\W*(?P<name>{NAME})?",
            rf"(?P<name>{NAME})['\"`]?(?: environment variable| env var)?,? (?:is|was|must be|has|needs to be) "
            r"(?:not |missing|required|unset|undefined|set\b|empty|configured)",
            rf"(?P<name>{NAME}): (?:parameter (?:null or )?not set|unbound variable)",
            r"validation errors? for \w*(?:Settings|Config)|Field required \[?\(?type=\w*\.?missing",
            rf"Environment variable not found: (?P<name>{NAME})",
            rf"Set the (?P<name>{NAME}) environment variable",
            r"Could not resolve placeholder '(?P<name>[^']+)'",
            rf"key not found: \"(?P<name>{NAME})\"",
            r"invalid `?prisma\.\w+`?.*environment variable",
        ),
        "the application ends because a setting is missing{ended}: {name}",
        "aws ecs describe-task-definition --task-definition FAMILY --query "
        "taskDefinition.containerDefinitions[].[name,environment[].name,secrets[].name]",
        final=True,
    ),
    Rule(
        "task role lacks a permission",
        log_says(
            r"not authorized to perform:? (?P<action>[\w-]+:\w+)",
            r"(?:AccessDenied\w*|UnauthorizedOperation)\)? when calling the (?P<action>\w+) operation",
            r"AccessDenied(?:Exception)?\b|UnauthorizedAccess|explicit deny",
        ),
        "the application may not do something in AWS{ended}: the task role lacks {action}",
        "aws iam list-role-policies --role-name TASK_ROLE   (in a blueprint: rights of the service)",
        final=True,
    ),
    Rule(
        "no credentials in the task",
        log_says(
            r"Unable to locate credentials|NoCredentials\w*|Could not load credentials|CredentialsProviderError",
            r"Unable to load (?:AWS )?credentials|failed to (?:refresh|retrieve) (?:cached )?credentials",
            r"Missing credentials in config",
        ),
        "the application finds no AWS credentials{ended}: the task definition has no task role",
        "aws ecs describe-task-definition --task-definition FAMILY --query taskDefinition.taskRoleArn",
        final=True,
    ),
    Rule(
        "AWS throttles the application",
        log_says(
            r"ThrottlingException|Throttling:|Rate exceeded|RequestLimitExceeded|TooManyRequestsException|SlowDown",
            r"ProvisionedThroughputExceeded",
        ),
        "AWS limits how often the application may call it{ended}",
        "aws service-quotas list-service-quotas --service-code SERVICE",
    ),
    Rule(
        "AWS endpoint not reachable",
        log_says(
            r"Could not connect to the endpoint URL:? \"?(?P<endpoint>[^\s\"]+)",
            r"Connect timeout on endpoint URL:? \"?(?P<endpoint>[^\s\"]+)|EndpointConnectionError|ConnectTimeoutError",
        ),
        "an AWS service cannot be reached from the task{ended}: {endpoint}",
        "aws ec2 describe-vpc-endpoints --query VpcEndpoints[].[ServiceName,State,VpcId]",
    ),
    Rule(
        "AWS resource missing",
        log_says(
            r"NoSuchBucket|The specified bucket does not exist",
            r"(?:ResourceNotFoundException|QueueDoesNotExist|NonExistentQueue)\)?(?: when calling the (?P<call>\w+))?",
        ),
        "a bucket, queue, table or secret that the application names does not exist{ended}",
        "pilotage outputs APP/ENV   (compare the names)",
        final=True,
    ),
    Rule(
        "module missing",
        log_says(
            r"No module named '?(?P<module>[\w.]+)",
            r"Cannot find (?:module|package) '(?P<module>[^']+)'|ERR_MODULE_NOT_FOUND",
            r"ImportError: (?:cannot import name )?'?(?P<module>[\w.]+)",
            r"error while loading shared libraries: (?P<module>[\w.+-]+)",
            r"(?:NoClassDefFoundError|ClassNotFoundException): (?P<module>[\w./]+)|Could not find or load main class "
            r"(?P<main>[\w.]+)",
            r"cannot load such file -- (?P<module>\S+)|Could not find gem|Bundler::GemNotFound",
            r"No such (?:app|module)|Error loading ASGI app|Failed to find application object|Unable to access jarfile",
        ),
        "the image lacks something that the application imports{ended}: {module}",
        TRY,
        final=True,
    ),
    Rule(
        "code cannot be read",
        log_says(
            r"\b(?:SyntaxError|IndentationError|TabError)\b",
            r"nginx: \[emerg\] (?!bind|host not found|open\(\)|mkdir)",
            r"(?:parse|parsing|syntax) error (?:in|at|near|on)|yaml\.(?:scanner|parser)|UnsupportedClassVersionError",
        ),
        "the application's code or configuration cannot be read{ended}",
        TRY,
        final=True,
    ),
    Rule(
        "read-only file system",
        log_says(r"Read-only file system|\bEROFS\b|Errno 30"),
        "the application writes to a disk that is read-only{ended}",
        "give the container a writable volume at that path (or read_only_root: false in the blueprint), then: pilotage "
        "replay FILE",
        final=True,
    ),
    Rule(
        "disk full",
        log_says(r"No space left on device|\bENOSPC\b|Errno 28|disk (?:is )?full|disk quota exceeded"),
        "the task's disk is full{ended}",
        "raise ephemeral_storage of the service in the blueprint (21 to 200 GiB), then: pilotage replay FILE",
    ),
    Rule(
        "port needs more rights",
        log_says(
            r"bind\(\) to \S+:(?P<port>\d+) failed \(13",
            r"listen EACCES:?.*?(?::(?P<port>\d+))?$",
            r"bind:? permission denied|bind.*Errno 13",
        ),
        "the application may not listen on a port below 1024 as this user{ended}: {port}",
        "let it listen on 8080 (port in the blueprint, and in the image), then: pilotage replay FILE",
        final=True,
    ),
    Rule(
        "permission denied in the container",
        log_says(r"PermissionError|\bEACCES\b|Errno 13|Permission denied|Operation not permitted"),
        "the application may not read or write a file in its container{ended}",
        "docker run --rm --entrypoint sh {image} -c 'id; ls -ln .'",
        final=True,
    ),
    Rule(
        "file missing in the image",
        log_says(
            r"(?:FileNotFoundError|ENOENT).*?'(?P<file>[^']+)'",
            r"can't open file '(?P<file>[^']+)'|Could not open (?:requirements|input) file:? ?'?(?P<name>[\w./-]+)?",
            r"no such file or directory|FileNotFoundError|ENOENT",
        ),
        "the application looks for a file that its image does not have{ended}: {file}",
        TRY,
        final=True,
    ),
    Rule(
        "worker timeout",
        log_says(r"\[CRITICAL\] WORKER TIMEOUT|Worker \(pid:\d+\) was sent SIGABRT|worker.*(?:timed out|boot timeout)"),
        "the web server ends its workers because they take too long to answer or to start{ended}",
        "aws ecs describe-services --cluster {cluster} --services {service} "
        "--query services[].[healthCheckGracePeriodSeconds,events[:3].message]",
    ),
)
