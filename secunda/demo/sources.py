"""Where the demonstration's records come from: real-looking Synthea bundles where they are, else our own examples."""

import os
from pathlib import Path

from pathways import loader
from pathways.eligibility import suggest
from pathways.vocabulary import Specialty
from secunda import clock
from secunda.adapters.fhir.bundle import read_bundle
from secunda.errors import BadInputError

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLES = CHECKOUT / "examples" / "bundles"


def test_data() -> Path:
    """The folder of test data, which need not be there."""
    return Path(os.environ.get("SECUNDA_TEST_DATA", CHECKOUT / "../shared/data")).resolve()


def bundles() -> dict[Specialty, list[Path]]:
    """Every usable bundle by the pathway that fits it best, Synthea's before our own."""
    found: dict[Specialty, list[Path]] = {}
    pathways = {name: loaded.pathway for name, loaded in loader.load_all().items()}
    for path in (*sorted((test_data() / "synthea-r4").glob("*.json")), *sorted(EXAMPLES.glob("*.json"))):
        try:
            incoming = read_bundle(path.read_bytes(), clock.now())
        except BadInputError:
            continue  # the folder holds malformed bundles as well
        codings = [coding for item in incoming.record.conditions for coding in item.codings]
        codings += [coding for item in incoming.record.procedures for coding in item.codings]
        for suggestion in suggest(pathways, codings)[:1]:
            found.setdefault(suggestion.specialty, []).append(path)
    for specialty in Specialty:
        own = EXAMPLES / f"{specialty}.json"
        if own.exists() and own not in found.setdefault(specialty, []):
            found[specialty].append(own)
    return found
