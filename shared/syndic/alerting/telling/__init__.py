"""What is told and what was: one run of telling, digests to owners, messages to receivers, and a trial of all of it."""
