"""The words that questions use, each in two plain sentences. Terms are AWS's own."""

from __future__ import annotations

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "image": "A packed application with everything it needs to run, kept in a registry. "
    "A container is one running copy of it.",
    "registry": "A server that keeps images, such as Docker Hub, GitHub's ghcr.io or Amazon ECR. "
    "AWS fetches the image from there each time it starts a container.",
    "ECR": "Amazon's own registry, private to your account. "
    "Pilotage makes a repository in it when your image has none.",
    "compose file": "A file that says which containers make up an application, as `docker compose` reads it. "
    "Pilotage reads services, ports and health checks from it and changes nothing in it.",
    "starter": "A complete blueprint that comes with Pilotage. "
    "It is copied with its comments, and your answers are put in.",
    "blueprint": "The file with all your answers, which you keep beside your code. "
    "Replaying it makes the same deployment again, and a second time changes nothing.",
    "port": "The number at which a container listens for requests, such as 8080. "
    "A container without one is a worker: nobody calls it.",
    "health path": "A path such as /health that answers 200 when the application is well. "
    "It must do so without a login and within five seconds.",
    "Region": "A place in the world where AWS has data centres, such as us-east-1 in Virginia. "
    "Take one near your users; moving later means making everything anew.",
    "task": "One or more containers that run together on one machine and share its address. "
    "When one of them stops, ECS starts a new task.",
    "service": "What keeps the wanted number of tasks running and replaces them with a new version. "
    "It is ECS's word for your application while it runs.",
    "ECS": "Amazon's service that runs containers. With Fargate there is no server to look after: you pay for "
    "CPU and memory while they run. It is what most of AWS's own examples use.",
    "Express Mode": "ECS with load balancer, certificate and address made by AWS around one web container. "
    "It is the successor of App Runner.",
    "App Runner": "An older AWS service for one web container. "
    "Since 30 April 2026 it takes no new customers: only accounts that used it before can.",
    "revision": "One version of a service's settings, image included. "
    "Going back to an earlier revision is how a bad version is undone.",
    "load balancer": "Takes requests from the internet, speaks HTTPS, and hands them to containers that are well. "
    "Its price begins at 24 USD a month.",
    "target group": "The list of containers behind a load balancer, with the health check that decides who is on it. "
    "One is made for each container that answers requests.",
    "VPC": "A private network of your own inside AWS. It is free; what joins it to the internet may not be.",
    "public subnet": "A part of the network whose machines have public addresses. "
    "They can call out for 4 USD a month each; a security group still keeps strangers from calling in.",
    "private subnet": "A part of the network without public addresses. "
    "What runs there needs a NAT gateway to call out.",
    "NAT gateway": "The way out of private subnets: 33 USD a month each, and 0.045 USD a GB. "
    "Its public address is what an outside database puts on its allow-list.",
    "VPC endpoint": "A private door to one AWS service, without the internet. "
    "The doors to S3 and DynamoDB are free; each other costs 7 USD a month and zone.",
    "availability zone": "One of several data centres of a Region, far enough apart not to fail together. "
    "What runs in two of them survives the loss of one.",
    "bucket": "A place in S3 for any number of files: 0.023 USD a GB and month. "
    "Buckets made here are private, whatever happens.",
    "versioning": "Files that are overwritten or deleted can be brought back. The old versions are paid for as well.",
    "EFS": "A shared file system that containers see as a folder: 0.30 USD a GB and month. "
    "Take it when the code wants a folder rather than S3's calls.",
    "broker": "Hands work from one part of the application to another, in order and without losing any. "
    "RabbitMQ is the best known.",
    "RabbitMQ": "A broker that many frameworks know, such as Celery. "
    "On Amazon MQ AWS runs it for you; making one takes about 20 minutes.",
    "SQS": "Amazon's own queue: no server, the first million messages a month are free. "
    "The code must speak to it with AWS's library.",
    "database": "Where the application keeps what must not be lost. "
    "AWS can run it, with backups, or you bring your own.",
    "RDS": "AWS runs PostgreSQL for you: private, encrypted, with daily backups. It takes about 10 minutes to make.",
    "Aurora": "Amazon's own PostgreSQL, whose capacity follows the load. It costs more at rest and takes more load.",
    "DocumentDB": "An Amazon database that speaks MongoDB's protocol. "
    "Not every feature of MongoDB is there: check your driver.",
    "DynamoDB": "A table paid by the request, with nothing to size. The code must speak to it with AWS's library.",
    "secret": "A value that must not be seen, such as a password or an API key. "
    "It lives in AWS Secrets Manager and is handed to the container at its start.",
    "dotenv": "A file of NAME=value lines, often called .env. Its values reach AWS and no file of Pilotage.",
    "keyring": "Where your operating system keeps passwords. "
    "Values kept there need not be typed again on this machine.",
    "host name": "The name people type, such as app.example.com. Its domain must have a hosted zone in this account.",
    "hosted zone": "Route 53's list of the names in a domain: 0.50 USD a month. "
    "Pilotage enters your host name and the proof for its certificate there.",
    "certificate": "The proof by which browsers trust your address. AWS makes it and renews it, free.",
    "alarm": "CloudWatch watches a number and tells when it goes out of bounds: 0.10 USD a month each.",
    "deletion protection": "AWS refuses to delete the database and the load balancer until it is switched off.",
    "HIPAA": "The United States' rules for health data. The preset encrypts with a key of its own, keeps records of "
    "access for a year and lets nothing be public. It does not replace AWS's business associate agreement.",
    "environment": "One complete copy of the application, such as dev or prod. "
    "All of them come from one blueprint, which says how they differ.",
}
"""Every term with its sentences."""


def explained(terms: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The terms of a question with their sentences."""
    return tuple((term, GLOSSARY[term]) for term in terms)
