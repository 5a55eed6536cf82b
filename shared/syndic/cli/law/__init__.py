"""What of the law is asked of a deployment: frameworks, signatures that are due, legal dates, previews."""
