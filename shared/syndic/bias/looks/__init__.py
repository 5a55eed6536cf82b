"""The same model looked at window after window: evidence that stays valid however often it is read."""
