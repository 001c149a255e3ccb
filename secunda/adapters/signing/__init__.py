"""PAdES signatures on reports: whose key, where it comes from, what is signed, and when (ETSI EN 319 142-1)."""
