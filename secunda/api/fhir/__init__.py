"""`/fhir/R4`: the insurers' door in FHIR, an application of its own so that every error is an OperationOutcome.

It is described by its CapabilityStatement (`/fhir/R4/metadata`), as FHIR servers are, not by the OpenAPI file.
"""
