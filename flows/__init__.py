"""The Prefect flows: the second opinion that every specialty runs, and the ones that keep house."""
