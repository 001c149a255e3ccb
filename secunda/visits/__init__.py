"""How experts and patients come in: by the link in a message and a code, into one assignment or one case."""
