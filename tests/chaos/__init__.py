"""The whole system while its parts are killed: what is left in the end must be as if nothing had happened."""
