"""The steps of a pathway, one a file: load, call pure code, save."""
