"""The patient's pages, for a phone; and the few that a requester has of the same case."""
