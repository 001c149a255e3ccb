"""The systems of insurers that may call: who they are and how they prove it. No HTTP here."""
