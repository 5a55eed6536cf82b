"""What runs on SageMaker: endpoints, batch jobs, registered packages, traffic and its metrics."""
