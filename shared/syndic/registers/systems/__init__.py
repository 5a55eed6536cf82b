"""AI that is no endpoint here: bought software, general-purpose models behind an API, pilots, spreadsheets."""
