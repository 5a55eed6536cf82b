"""Whether the trail is what it was: in the store, in an export, in another cloud, every day."""
