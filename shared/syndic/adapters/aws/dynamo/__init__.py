"""`Store` on a DynamoDB table."""
