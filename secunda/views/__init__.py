"""What people and programs read: one query a file, each giving a frozen result that says nothing about how it is shown.

The lists are plain SQL on a read-only connection: a command line that only lists does not wait for the ORM to load.
"""
