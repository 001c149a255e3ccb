"""What those who run the machinery want to know: who works, what waits, what failed, how much room is left.

Everything here knows cases by their reference. Nothing names a patient, an address or what a document says.
"""
