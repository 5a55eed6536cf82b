"""Routes of frameworks and duties: standings, signatures, questionnaires, documents, reports, persons' data."""
