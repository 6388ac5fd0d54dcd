"""Causes that lie in what the application needs: database, broker, cache, names, AWS's own services."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, log_says

REFUSED = r"(?:ECONNREFUSED|connection refused|Errno 111|actively refused)"
SILENT = (
    r"(?:ETIMEDOUT|ECONNRESET|EHOSTUNREACH|timed? ?out|timeout|Errno 110|no route to host|network is unreachable"
    r"|took too long|connection reset)"
)
DATABASE = (
    r"(?:psycopg|postgres|asyncpg|pg_|\bpg\b|mysql|mariadb|pymysql|sqlalchemy|mongo|prisma|sequelize|typeorm|database"
    r"|jdbc|hikari|:5432|:3306|:27017|port 5432|port 3306|diesel|sqlx|\bpgx?\b|\bDB\b)"
)
BROKER = r"(?:amqps?|rabbitmq|pika|kombu|celery|kafka|broker|:5671|:5672|:9092|:9094|nats)"
CACHE = r"(?:redis|valkey|memcached|elasticache|:6379|:11211)"
REACH = "aws ec2 describe-security-groups --query SecurityGroups[].[GroupId,GroupName,IpPermissions[].FromPort]"

RULES: tuple[Rule, ...] = (
    Rule(
        "name not resolved",
        log_says(
            r"getaddrinfo (?:ENOTFOUND|EAI_AGAIN|EAI_NONAME) ?(?P<host>[\w.-]+)?",
            r"could not translate host name \"(?P<host>[^\"]+)\"",
            r"(?:lookup|resolve) (?P<host>[\w.-]+).*(?:no such host|server misbehaving|not found)",
            r"UnknownHostException:? ?(?P<host>[\w.-]+)?",
            r"Failed to resolve '(?P<host>[^']+)'",
            r"Name or service not known|Temporary failure in name resolution|nodename nor servname"
            r"|Name does not resolve|No address associated with hostname|gaierror|NameResolutionError",
            r"host not found in upstream \"(?P<host>[^\":]+)",
        ),
        "the application cannot find the address of {host}{ended}: the name is wrong, or lives in another network",
        "aws route53 list-hosted-zones --query HostedZones[].[Name,Config.PrivateZone]",
    ),
    Rule(
        "certificate not trusted by the application",
        log_says(
            r"CERTIFICATE_VERIFY_FAILED|self[- ]signed cert|unable to (?:get local issuer|verify the first) cert",
            r"x509: certificate signed by unknown authority|SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET)",
            r"certificate has expired|CERT_HAS_EXPIRED|certificate is not valid for|Hostname.*(?:mismatch|not match)",
            r"PKIX path building failed|certificate verify failed",
        ),
        "the application does not trust the certificate of what it calls{ended}: the CA bundle is missing in the "
        "image, or the certificate expired",
        "curl --output global-bundle.pem https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem   (into the "
        "image, for RDS and DocumentDB)",
        final=True,
    ),
    Rule(
        "database password refused",
        log_says(
            r"password authentication failed for user \"?(?P<user>[\w.-]+)",
            r"Access denied for user '(?P<user>[^']+)'@",
            r"(?:Mongo\w*|mongo\w*).*Authentication failed|bad auth\s*:|SCRAM.*(?:fail|wrong)|\bP1000\b",
            r"role \"(?P<user>[^\"]+)\" does not exist",
            r"Login failed for user '(?P<user>[^']+)'",
            r"password is required|fe_sendauth: no password supplied|empty password returned by client",
        ),
        "the database refuses the user name or password of the application{ended}",
        "aws secretsmanager list-secrets --query SecretList[].[Name,LastChangedDate]   (was it changed after the task "
        "started? aws ecs update-service --force-new-deployment reads it again)",
        final=True,
    ),
    Rule(
        "database wants TLS",
        log_says(
            r"no pg_hba\.conf entry.*(?:no encryption|SSL off)",
            r"require_secure_transport|insecure transport are prohibited",
            r"(?:server|connection) (?:requires|must use) (?:SSL|TLS)|SSL connection is required|SSL is required",
            r"SSL/TLS required",
        ),
        "the database takes encrypted connections only, and the application does not encrypt{ended}",
        "add sslmode=require (PostgreSQL) or tls=true (MongoDB) to the address of the database, then: pilotage replay "
        "FILE",
        final=True,
    ),
    Rule(
        "too many database connections",
        log_says(
            r"too many (?:clients|connections)|sorry, too many clients",
            r"remaining connection slots are reserved",
            r"Too many connections|max_user_connections|max_connections",
            r"(?:QueuePool limit|connection pool (?:exhausted|timeout)|Timed out fetching a new connection)",
        ),
        "the database has no connection left for the application{ended}",
        "aws rds describe-db-instances --query DBInstances[].[DBInstanceIdentifier,DBInstanceClass]   (smaller pools, "
        "fewer tasks, or a larger class)",
    ),
    Rule(
        "database missing",
        log_says(
            r"database \"?(?P<database>[\w-]+)\"? does not exist",
            r"Unknown database '(?P<database>[^']+)'",
            r"\bP1003\b",
        ),
        "the database server has no database of the name {database}{ended}",
        "pilotage outputs APP/ENV   (compare the name in the database's address)",
        final=True,
    ),
    Rule(
        "migration missing or failed",
        log_says(
            r"relation \"(?P<table>[^\"]+)\" does not exist",
            r"no such table:? ?(?P<table>[\w.]+)?|Table '(?P<table_>[^']+)' doesn't exist|UndefinedTable",
            r"column \"?(?P<column>[\w.]+)\"? (?:of relation \S+ )?does not exist|UndefinedColumn|Unknown column",
            r"Can't locate revision identified by|alembic\S* .*(?:FAILED|error)|\bP300\d\b|\bP3018\b",
            r"(?:migration|migrate)\w*.* (?:failed|error)\b|FlywayException|You have \d+ unapplied migration",
            r"Migration checksum mismatch|pending migrations|PendingMigrationError",
        ),
        "the database's schema does not fit this version{ended}: a migration is missing or failed",
        "{rollback}   (a rollback does not undo a migration: look at the schema note first)",
        final=True,
    ),
    Rule(
        "broker login refused",
        log_says(
            r"ACCESS_REFUSED|\b403\b.*(?:amqp|login was refused|vhost)",
            r"(?:SASL|Sasl)\w*.*(?:fail|invalid)",
            rf"{BROKER}.*(?:authentication|login|credentials).*(?:fail|refus|invalid)",
            r"ProbableAuthenticationError",
        ),
        "the message broker refuses the user name or password of the application{ended}",
        "aws mq list-brokers --query BrokerSummaries[].[BrokerName,BrokerState]",
        final=True,
    ),
    Rule(
        "broker not reachable",
        log_says(
            rf"{BROKER}.*(?:{REFUSED}|{SILENT}|unreachable|NoBrokersAvailable)",
            rf"(?:{REFUSED}|{SILENT}).*{BROKER}",
            r"AMQPConnectionError|NoBrokersAvailable|AMQPConnectorException|BrokerUnreachable",
            r"kombu\.exceptions\.OperationalError",
        ),
        "the message broker does not take the connection{ended}: it is down, or a security group is closed",
        "aws mq list-brokers --query BrokerSummaries[].[BrokerName,BrokerState]",
    ),
    Rule(
        "cache login refused",
        log_says(r"WRONGPASS|NOAUTH Authentication required|invalid username-password pair|NOPERM"),
        "the cache refuses the password of the application{ended}",
        "aws secretsmanager list-secrets --query SecretList[].[Name,LastChangedDate]",
        final=True,
    ),
    Rule(
        "cache not reachable",
        log_says(
            rf"{CACHE}.*(?:{REFUSED}|{SILENT})", rf"(?:{REFUSED}|{SILENT}).*{CACHE}", r"MaxRetriesPerRequestError"
        ),
        "the cache does not take the application's connection{ended}",
        REACH,
    ),
    Rule(
        "database refuses connections",
        log_says(
            rf"{DATABASE}.*{REFUSED}",
            rf"{REFUSED}.*{DATABASE}",
            r"connection to server at .* failed: Connection refused|Can't connect to MySQL server.*\(111",
            r"the database system is (?:starting up|shutting down|in recovery)",
        ),
        "the database does not take connections{ended}: it is stopped or restarting, or the address or port is wrong",
        "aws rds describe-db-instances --query DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,Endpoint.Address]",
    ),
    Rule(
        "database not reachable",
        log_says(
            rf"{DATABASE}.*{SILENT}",
            rf"{SILENT}.*{DATABASE}",
            r"ServerSelectionTimeoutError|MongooseServerSelectionError|MongoServerSelectionError|MongoNetworkTimeoutError",
            r"\bP1001\b|\bP1002\b|Can't reach database server|Can't connect to (?:local )?MySQL server",
            r"could not connect to server|no primary server available|NoPrimary",
        ),
        "the database does not answer{ended}: a security group is closed, it lies in another network, or it is stopped",
        REACH,
    ),
    Rule(
        "connection refused",
        log_says(rf"{REFUSED}(?:.*?(?P<host>[\w.-]+:\d{{2,5}}))?"),
        "something that the application needs refuses its connection{ended}: {host}",
        REACH,
    ),
)
