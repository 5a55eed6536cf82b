"""The topic of the deployment, to which people and programs subscribe by themselves. Published at most once."""
