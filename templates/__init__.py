"""Jinja2 templates and assets of reports, messages and pages."""
