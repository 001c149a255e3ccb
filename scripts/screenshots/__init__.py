"""Pictures of every page, with made-up cases: `make screenshots`."""
