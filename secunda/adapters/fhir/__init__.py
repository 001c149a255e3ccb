"""FHIR R4 bundles: parsed safely, validated, and read into Secunda's words.

`read_bundle` is loaded when first used: `from secunda.adapters.fhir.bundle import read_bundle`.
"""
