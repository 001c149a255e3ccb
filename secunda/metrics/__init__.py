"""Figures for Prometheus: what the domain store says at the moment of the scrape, and how long requests took.

No label names a case, a person or an address; docs/operations.md lists all of them.
"""
