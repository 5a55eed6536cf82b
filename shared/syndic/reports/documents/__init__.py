"""Documents beside reports: cards, data sheets, drafts that the law asks for."""
