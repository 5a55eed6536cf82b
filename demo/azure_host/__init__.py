"""A local host for the Azure functions: the code that runs them in Azure, with a clock and a queue poller around it."""
