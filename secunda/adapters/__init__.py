"""How the outside world's records come in: files, DICOM, CDA, FHIR bundles, URLs and expert directories.

Whatever arrives is hostile until it has been read. Every refusal is a `BadInputError` that says what is wrong and how
to mend it, holds no patient data, and leaves nothing behind.
"""
