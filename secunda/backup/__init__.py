"""One archive of the domain store: its database and its documents, as they were at one moment.

A ZIP file: `tables/<name>.copy` (PostgreSQL's COPY text), `documents/<SHA-256>`, `SHA256SUMS` over all of these in the
form that `sha256sum --check` reads, and `manifest.json`, which holds the sum of the sums. Prefect's database is not in
it: the reconciler makes its runs anew.
"""

from secunda.backup.archive import Archive, opened
from secunda.backup.manifest import Manifest
from secunda.backup.restoring import Restored, restore
from secunda.backup.saving import Saved, backup

__all__ = ["Archive", "Manifest", "Restored", "Saved", "backup", "opened", "restore"]
