"""The registry as commands see it: deployed behind the API, or a local folder."""
