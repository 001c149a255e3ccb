"""What people do to a case, one action a file: check, change, record, and wake the run when it can move.

Each is one transaction: it happens wholly or not at all. The command line, the API and the pages call the same actions.
"""
