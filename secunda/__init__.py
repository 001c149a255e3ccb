"""Secunda: the orchestrator of second-opinion pathways."""

__version__ = "0.1.0"
