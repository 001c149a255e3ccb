"""Whether a PDF is a report as it was issued: intact or altered, by whom signed and when, current or superseded."""
