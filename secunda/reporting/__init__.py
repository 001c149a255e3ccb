"""The report: its content as structure, what it still lacks, its charts and its PDF."""
