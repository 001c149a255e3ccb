"""The published JSON Schemas of pathway files and of payers' files, by which editors complete and check them.

A file names its own in its first line: `# yaml-language-server: $schema=pathway.schema.json`. What writes them anew is
`python -m pathways.jsonschema`.
"""

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from pathways.facts import CaseFacts
from pathways.merging import COMMON_KEYS, COMMON_REPORT_KEYS
from pathways.payer import Payer
from pathways.schema import Pathway

FILE = Path(__file__).parent / "pathway.schema.json"
PAYER_FILE = Path(__file__).parent / "payer.schema.json"
DIALECT = GenerateJsonSchema.schema_dialect  # draft 2020-12
IDENTIFIER = "urn:secunda:pathway"

#: What editors show beside a key, wherever it stands.
DESCRIPTIONS = {
    "when": f"A CEL expression over the case's facts: {', '.join(CaseFacts.model_fields)}.",
    "board_when": "A CEL expression over the result of the adjudication that calls the board.",
    "key": "The name by which the rest of the system knows this part; never change it once cases use it.",
    "loinc": "LOINC document codes; any one of them meets the requirement.",
    "code": "A code, a prefix (`C50`), or a range (`C00-C97`, `33510-33536`), in quotes where it is a number.",
    "maximum_age": "How old the document may be when it is received, like `90 days`.",
    "held_by": "Who is asked for the document.",
    "urgency": "P0 emergency (never a second opinion), P1, P2, P3.",
    "at": "When: a share of the wait or the clock (`50 %`), or on a ladder a time after its start (`4 h`).",
    "blind_first": "Whether the first opinion stays hidden until the provisional opinion is locked.",
    "subspecialties": "Keys of terminology/subspecialties.yaml; any one qualifies, the first fits best.",
    "chair": "The role that signs for the panel; it must always be on it.",
    "mandated_procedures": "Procedures for which payers commonly ask for a second opinion first.",
    "missing": "Keys of the mandatory and required documents that are missing, all of them.",
    "panel": "Who reads the case; in an example, the keys of its roles, all of them.",
    "version": "Three numbers; a case stays with the version that it began with.",
    "agreement_certifies": "Whether an opinion that agrees certifies. Left out, nothing is ever certified.",
    "others": "What becomes of a request for a procedure that is not mandated.",
    "besides": "Which of the default lists hold beside the payer's own.",
    "extends": "`common` takes over what common.yaml gives.",
}


def json_schema() -> dict[str, Any]:
    """The schema of a pathway file and of the common part, as draft 2020-12.

    A file that says `extends: common` may leave out what the common part gives.
    """
    whole = Pathway.model_json_schema(by_alias=True, mode="validation")
    definitions = whole.pop("$defs")
    required = whole.pop("required")
    own = [key for key in required if key not in COMMON_KEYS]
    shared = {key: whole["properties"][key] for key in COMMON_KEYS}
    definitions["Pathway"] = whole | {
        "if": {"required": ["extends"]},
        "then": {"required": own},
        "else": {"required": required, "properties": _complete(definitions)},
    }
    definitions["Common"] = {
        "title": "Common",
        "description": "What every pathway shares that says `extends: common`.",
        "type": "object",
        "properties": shared,
        "additionalProperties": False,
    }
    for definition in definitions.values():
        _describe(definition.get("properties", {}))
    return {
        "$schema": DIALECT,
        "$id": IDENTIFIER,
        "title": "Secunda pathway",
        "if": {"required": ["pathway"]},
        "then": {"$ref": "#/$defs/Pathway"},
        "else": {"$ref": "#/$defs/Common"},
        "$defs": definitions,
    }


def _describe(properties: dict[str, Any]) -> None:
    for key, described in properties.items():
        if key in DESCRIPTIONS:
            described.setdefault("description", DESCRIPTIONS[key])


def _complete(definitions: dict[str, Any]) -> dict[str, Any]:
    """Take the required keys out of the parts that can be shared; give them back for files that share nothing."""
    complete = {}
    for key, name in (("deadlines", "Deadlines"), ("chase", "Chase"), ("report", "ReportDefinition")):
        complete[key] = {"required": definitions[name].pop("required")}
    for key in COMMON_REPORT_KEYS:
        definitions["ReportDefinition"]["properties"][key].pop("minItems", None)
    return complete


def payer_schema() -> dict[str, Any]:
    """The schema of a payer's file, as draft 2020-12."""
    schema = Payer.model_json_schema(by_alias=True, mode="validation")
    for definition in (schema, *schema["$defs"].values()):
        _describe(definition.get("properties", {}))
    return {"$schema": DIALECT, "$id": "urn:secunda:payer"} | schema


def written() -> str:
    """The schema of pathway files as the text of its file."""
    return _text(json_schema())


def payer_written() -> str:
    """The same of payers' files."""
    return _text(payer_schema())


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write(path: Path = FILE, text: str | None = None) -> Path:
    """Write a schema's file, without `text` that of pathway files; the same content leaves it untouched."""
    text = written() if text is None else text
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    write()
    write(PAYER_FILE, payer_written())
