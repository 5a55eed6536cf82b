"""What the platform watches besides checks: itself, its queues, whether models are measured; and what it tells."""
