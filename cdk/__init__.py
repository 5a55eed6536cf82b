"""Infrastructure of Syndic on AWS: one stack composed of one construct per capability."""
