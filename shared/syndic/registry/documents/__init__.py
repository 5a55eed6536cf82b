"""What is written about a version: card, data sheet, lineage."""
