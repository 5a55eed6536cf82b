"""Who may sign in, in a user pool of Amazon Cognito."""
