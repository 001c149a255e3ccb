"""Reviews that payers ask for, whatever door they come through: REST, FHIR or a file. No HTTP here."""
