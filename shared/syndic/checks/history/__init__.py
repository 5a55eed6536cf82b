"""How long results of checks are kept, and what is left of them: hours become days, days become months."""
