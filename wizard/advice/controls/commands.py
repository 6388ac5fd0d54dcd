"""The `aws` commands that several controls name, each of which shows a person what the control looked at.

The inner braces take what is asked for; the names in the doubled ones are filled in for each resource.
"""

INSTANCE = "aws rds describe-db-instances --db-instance-identifier {{name}} --query 'DBInstances[].{}'"
CLUSTER = "aws rds describe-db-clusters --db-cluster-identifier {{name}} --query 'DBClusters[].{}'"
REPOSITORY = "aws ecr describe-repositories --repository-names {{name}} --query 'repositories[].{}'"
CONTAINERS = (
    "aws ecs describe-task-definition --task-definition {{family}} --query 'taskDefinition.containerDefinitions[].{}'"
)
BROKER = "aws mq describe-broker --broker-id {{id}} --query {}"
LOG_GROUP = "aws logs describe-log-groups --log-group-name-prefix {{name}} --query 'logGroups[].[logGroupName,{}]'"
