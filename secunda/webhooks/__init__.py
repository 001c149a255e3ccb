"""Webhooks to payers' systems (Standard Webhooks 1.0, and FHIR R4 rest-hooks): rows first, sent afterwards.

A notice is a row in the transaction of the event that it tells of. It says which review moved and to which stage, and
nothing of the patient. It may arrive twice, always under the same `webhook-id`.
"""
