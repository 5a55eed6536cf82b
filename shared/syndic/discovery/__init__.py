"""Finding models: the registry follows the endpoints that the clouds list, and asks for the checks that are due."""
