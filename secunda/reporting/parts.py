"""The parts of a report, each by its hash: what tells two versions apart without keeping what they say twice."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from secunda.reporting.content import ReportContent
from secunda.reporting.words import Words

#: Fields of the content that are the same part to a reader, or no part at all: what differs in every version.
NO_PART = {
    "amendment",
    "check_address",
    "decision",
    "due_at",
    "panel",
    "reference",
    "reported_at",
    "sections",
    "stops",
    "timeline",
    "version",
}
#: The report's own word for a part, where it is not the part's name.
WORDS = {
    "requester": "requested_by",
    "classification": "urgency",
    "guidelines": "guideline_families",
    "diagnosis_concordance": "first_diagnosis",
    "treatment_concordance": "proposed_treatment",
    "images_left_out": "key_images",
    "stance": "proposed_treatment",
    "organisation": "signatures",
    "time_zone": "timeline",
}


def part_digests(content: ReportContent) -> dict[str, str]:
    """SHA-256 of each part: fields of `ReportContent` by name, the pathway's own sections as `section:<key>`."""
    plain = content.model_dump(mode="json")
    found = {name: _digest(value) for name, value in plain.items() if name not in NO_PART}
    found |= {f"section:{section['key']}": _digest(section) for section in plain["sections"]}
    votes = {name: value for name, value in (plain["decision"] or {}).items() if name not in ("decided_at", "round")}
    return found | {"panel_opinions": _digest([votes, [_vote(member) for member in plain["panel"]]])}


def changed_parts(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The parts that differ, that are new or that are gone, in a fixed order."""
    return tuple(sorted(part for part in before.keys() | after.keys() if before.get(part) != after.get(part)))


def changed_labels(content: ReportContent, words: Words) -> tuple[str, ...]:
    """What an amended report changed, in the words of its headings."""
    titles = {f"section:{section.key}": words.local(section.title) for section in content.sections}
    changed = content.amendment.changed if content.amendment else ()
    gone = [part for part in changed if part.startswith("section:") and part not in titles]
    named = [titles.get(part) or words.text(WORDS.get(part, part)) for part in changed if part not in gone]
    return tuple(dict.fromkeys(named))


def _vote(member: Mapping[str, Any]) -> dict[str, Any]:
    """What a member says, without when it was signed."""
    return {name: value for name, value in member.items() if name != "signature"}


def _digest(value: Any) -> str:
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
