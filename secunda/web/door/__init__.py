"""Coming in by the link in a message: what it is for, the code, and a new link where this one is old or used."""
