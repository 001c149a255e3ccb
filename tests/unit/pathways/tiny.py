"""A pathway small enough to see whole, and its files with a part replaced."""

from pathlib import Path

from pathways.check import check
from pathways.errors import Problem
from pathways.loader import load
from pathways.schema import Pathway

COMMON = """\
documents:
  - key: consent
    title: {en: Consent, es: Consentimiento}
    loinc: [59284-0]
    obligation: mandatory
    held_by: patient
  - key: laboratory
    title: {en: Laboratory results, es: Análisis}
    loinc: [11502-2]
    maximum_age: 180 days
flags:
  - {key: collapse, title: {en: Collapse, es: Colapso}, red_flag: true}
deadlines:
  consent: 14 days
  documents: 14 days
  acceptance: {P1: 4 h, P2: 12 h, P3: 24 h}
  opinion: {P1: 24 h, P2: 48 h, P3: 3 working days}
  adjudication: {P1: 12 h, P2: 1 working day, P3: 2 working days}
  report: {P1: 72 h, P2: 5 working days, P3: 10 working days}
chase:
  consent: [{at: 50 %, do: remind}, {at: 100 %, do: escalate, to: coordinator}]
  documents: [{at: 50 %, do: remind}, {at: 75 %, do: change_channel}]
  acceptance: [{at: 50 %, do: remind}, {at: 100 %, do: replace_expert}]
  opinion: [{at: 50 %, do: remind}, {at: 100 %, do: replace_expert}]
  adjudication: [{at: 50 %, do: remind}, {at: 100 %, do: escalate, to: medical_director}]
report:
  sections:
    - {key: remarks, title: {en: Remarks, es: Observaciones}}
  guidelines:
    - {key: GRADE, name: Grading of Recommendations}
"""

PATHWAY = """\
pathway: cardiology
version: 1.0.0
title: {en: Cardiology, es: Cardiología}
extends: common
eligibility:
  ages: {from: 18}
  codes:
    - {system: ICD-10, code: I20-I25}
    - {system: SNOMED-CT, code: "53741008"}
    - {system: CPT, code: 33510-33536}
mandated_procedures:
  - {system: CPT, code: 33510-33536}
documents:
  - key: catheterisation
    title: {en: Catheterisation film, es: Cateterismo}
    loinc: [18745-0]
    format: cine_dicom
    when: '"18745-0" in documents'
  - key: laboratory
    title: {en: Recent laboratory results, es: Análisis recientes}
    loinc: [11502-2]
    maximum_age: 90 days
flags:
  - {key: left_main, title: {en: Left main stenosis, es: Lesión del tronco}}
triage:
  default: P3
  rules:
    - key: collapse
      when: '"collapse" in flags'
      urgency: P0
      reason: {en: Collapse., es: Colapso.}
    - key: left_main
      when: '"left_main" in flags'
      urgency: P1
      reason: {en: Left main stenosis., es: Lesión del tronco.}
    - key: planned
      when: planned_procedure != ""
      urgency: P2
      reason: {en: A procedure is planned., es: Hay un procedimiento previsto.}
panel:
  adjudication: majority
  chair: cardiologist
  roles:
    - key: cardiologist
      title: {en: Cardiologist, es: Cardiología}
      subspecialties: [general_cardiology]
    - key: surgeon
      title: {en: Surgeons, es: Cirugía}
      subspecialties: [cardiac_surgery]
      seats: 2
      blind_first: true
    - key: electrophysiologist
      title: {en: Electrophysiologist, es: Electrofisiología}
      subspecialties: [cardiac_electrophysiology]
      when: conditions.exists(c, c.startsWith("I4"))
report:
  sections:
    - key: syntax
      title: {en: SYNTAX score, es: Puntuación SYNTAX}
      kind: score
      bands: [{up_to: 23, title: {en: low, es: baja}}, {up_to: 33, title: {en: high, es: alta}}]
  guidelines:
    - {key: ESC, name: European Society of Cardiology}
examples:
  - name: stable
    facts: {conditions: [I25.1], documents: [59284-0, 11502-2]}
    expect: {urgency: P3, missing: [], panel: [cardiologist, surgeon]}
  - name: left main before surgery
    facts: {conditions: [I25.1], flags: [left_main], planned_procedure: "33533"}
    expect: {urgency: P1, missing: [consent, laboratory], panel: [cardiologist, surgeon]}
"""


def write(folder: Path, old: str = "", new: str = "", common: tuple[str, str] = ("", "")) -> Path:
    """The tiny pathway's file, with `old` replaced by `new` in it and `common` in the common part."""
    for text, wanted in ((PATHWAY, old), (COMMON, common[0])):
        assert wanted in text, wanted
    (folder / "common.yaml").write_text(COMMON.replace(*common) if common[0] else COMMON)
    path = folder / "cardiology.yaml"
    path.write_text(PATHWAY.replace(old, new, 1) if old else PATHWAY)
    return path


def pathway(folder: Path, old: str = "", new: str = "") -> Pathway:
    return load(write(folder, old, new)).pathway


def problems(folder: Path, old: str = "", new: str = "", common: tuple[str, str] = ("", "")) -> list[Problem]:
    return check(write(folder, old, new, common))


def place_of(path: Path, text: str, start: int = 0) -> tuple[int, int]:
    """Line and column of the first `text` at or after the character `start` of the file."""
    content = path.read_text()
    at = content.index(text, start)
    return content.count("\n", 0, at) + 1, at - content.rfind("\n", 0, at)
