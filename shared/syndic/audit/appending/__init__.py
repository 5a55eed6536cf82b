"""How entries get their places: they wait in an inbox, and one sequencer at a time appends them."""
