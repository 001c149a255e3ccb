"""FHIR R4 bundles: parsed safely, validated, and read into Secunda's words."""
