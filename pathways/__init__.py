"""Pathways: what each specialty asks for, as data and pure rules. No I/O beyond reading the pathway files, no clock."""
