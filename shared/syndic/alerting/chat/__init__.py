"""Where people read of alerts in a chat: its messages kept up to date, and what they press there."""
