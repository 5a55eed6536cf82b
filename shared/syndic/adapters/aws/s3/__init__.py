"""Archives, captures and what is known of buckets, on S3."""
