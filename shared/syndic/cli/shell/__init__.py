"""What all commands share: options, exit codes, streams, tables of text."""
