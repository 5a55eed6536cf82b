"""The same content as HTML, PDF, JSON, CSV, OSCAL and CycloneDX."""
