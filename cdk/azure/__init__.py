"""The Azure half as ARM templates: data made by pure functions of what the deployer chose."""
