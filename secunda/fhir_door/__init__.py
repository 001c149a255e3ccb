"""The insurers' door in FHIR R4: what comes in is read and judged, what goes out is built. No HTTP here.

Sources: FHIR R4 (4.0.1), HL7 Da Vinci PAS 1.1 and 2.2.1 (prior authorisation), CDex 2.1 (attachments), Subscriptions
R5 Backport 1.1. The names of code systems and extensions are in `names`.
"""
