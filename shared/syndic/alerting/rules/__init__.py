"""Rules of one's own: kept on record, judged for every model, told as findings like any other."""
