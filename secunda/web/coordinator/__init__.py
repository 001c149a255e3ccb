"""The coordinator's console: work list, case page, launch, pathways, overview."""
