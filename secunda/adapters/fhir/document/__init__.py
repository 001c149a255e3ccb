"""A finished report as a FHIR R4 document: the same content that is printed, for a machine to read.

`from secunda.adapters.fhir.document.build import document_bundle`; pure, so that the PDF carries the very bundle that
an interface serves.
"""
