"""What is told outside: events, topics, mail, queues of predictions."""
