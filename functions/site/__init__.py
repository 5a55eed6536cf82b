"""The dashboard's files, for accounts without CloudFront."""
