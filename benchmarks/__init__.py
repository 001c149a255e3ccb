"""What Secunda's engine costs, measured on the real parts; see README.md.

Nothing may import Prefect before `installation.prepare` has set its environment; so what both sides need stands here.
"""

STUB = "Stubbed report"  # the requester of the cases whose report costs nothing
