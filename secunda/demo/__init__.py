"""The demonstration: real records through complete pathways on a fast clock, with scripted people."""
