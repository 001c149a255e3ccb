"""A case before it is launched: files that were handed in, what they say, what is missing, and then the launch.

Nothing of a draft is in the domain store; it lies in a folder of its own, readable by this system only, and is gone
when the case was launched or after two days.
"""
