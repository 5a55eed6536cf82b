"""Brings up the Azure half from a CloudFormation custom resource, and takes it down again."""
