"""What a report says: gathered from the records, worded once, drawn as charts."""
