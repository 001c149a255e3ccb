"""What rules may ask (`pathways.facts.CaseFacts`, `pathways.adjudication.BOARD_VARIABLES`) and how it is said.

A pair is what is said where it holds, and where it does not.
"""

from collections.abc import Mapping
from typing import Final

from secunda.web.catalogues import N_

Pair = tuple[str, str]

#: Numbers: what is counted or measured.
NUMBERS: Final[Mapping[str, str]] = {
    "age": N_("age in years"),
    "days_to_procedure": N_("days until the procedure"),
    "days_to_treatment": N_("days until the treatment starts"),
    "months_since_first_symptoms": N_("months since the first symptoms"),
    "phenotype_terms": N_("HPO terms given"),
    "readers": N_("opinions given"),
    "supported": N_("opinions that support the proposed treatment"),
    "uncertain": N_("opinions that are uncertain about the proposed treatment"),
    "not_supported": N_("opinions that do not support the proposed treatment"),
    "diagnosis_changed": N_("opinions that change the diagnosis"),
    "treatment_changed": N_("opinions that change the treatment"),
}
#: Lists: what they hold, counted by `size`.
SIZES: Final[Mapping[str, str]] = {
    "conditions": N_("diagnoses"),
    "past_conditions": N_("past diagnoses"),
    "procedures": N_("procedures done"),
    "medications": N_("medicines taken"),
    "allergies": N_("allergies"),
    "observations": N_("laboratory results"),
    "documents": N_("documents received"),
    "imaging": N_("imaging studies received"),
    "flags": N_("situations ticked"),
    "roles": N_("roles on the panel"),
}
#: Lists of codes.
CODED: Final[Mapping[str, Pair]] = {
    "conditions": (N_("there is a diagnosis of %(codes)s"), N_("there is no diagnosis of %(codes)s")),
    "past_conditions": (N_("there was a diagnosis of %(codes)s"), N_("there was no diagnosis of %(codes)s")),
    "procedures": (N_("a procedure of %(codes)s was done"), N_("no procedure of %(codes)s was done")),
    "medications": (N_("a medicine of %(codes)s is taken"), N_("no medicine of %(codes)s is taken")),
    "allergies": (N_("there is an allergy of %(codes)s"), N_("there is no allergy of %(codes)s")),
    "imaging": (N_("imaging of the kind %(codes)s was received"), N_("no imaging of the kind %(codes)s was received")),
    "planned_procedure": (
        N_("the planned procedure is one of %(codes)s"),
        N_("the planned procedure is none of %(codes)s"),
    ),
}
#: Lists of things that have names: one of them, or any of several.
NAMED: Final[Mapping[str, Pair]] = {
    "flags": (N_("%(name)s is ticked"), N_("%(name)s is not ticked")),
    "documents": (N_("%(name)s was received"), N_("%(name)s was not received")),
    "roles": (N_("an opinion of %(name)s was given"), N_("no opinion of %(name)s was given")),
    "observations": (N_("there is a result for %(name)s"), N_("there is no result for %(name)s")),
}
ANY_NAMED: Final[Mapping[str, Pair]] = {
    "flags": (N_("one of these is ticked: %(names)s"), N_("none of these is ticked: %(names)s")),
    "documents": (N_("one of these was received: %(names)s"), N_("none of these was received: %(names)s")),
    "roles": (N_("one of these gave an opinion: %(names)s"), N_("none of these gave an opinion: %(names)s")),
}
#: Texts: that there is one, and that it is a certain one.
GIVEN: Final[Mapping[str, Pair]] = {
    "planned_procedure": (N_("a procedure is planned"), N_("no procedure is planned")),
    "payer": (N_("a payer is named"), N_("no payer is named")),
    "jurisdiction": (N_("a jurisdiction is named"), N_("no jurisdiction is named")),
}
SAME: Final[Mapping[str, Pair]] = {
    "sex": (N_("the patient's sex: %(value)s"), N_("the patient's sex is not: %(value)s")),
    "payer": (N_("the payer is %(value)s"), N_("the payer is not %(value)s")),
    "jurisdiction": (N_("the jurisdiction is %(value)s"), N_("the jurisdiction is not %(value)s")),
}
SEXES: Final[Mapping[str, str]] = {
    "female": N_("female"),
    "male": N_("male"),
    "other": N_("other"),
    "unknown": N_("unknown"),
}
#: What is true or not.
TRUTHS: Final[Mapping[str, Pair]] = {
    "cine_imaging": (N_("moving pictures were received"), N_("no moving pictures were received")),
    "agreed": (N_("the rule has found a position"), N_("the rule has found no position")),
    "unanimous": (N_("all opinions agree"), N_("the opinions do not all agree")),
    "treatment_split": (
        N_("those of the leading position differ on another treatment"),
        N_("those of the leading position agree on the treatment"),
    ),
    "ratings_disagree": (N_("the panel's ratings disagree"), N_("the panel's ratings do not disagree")),
}
COMPARISONS: Final[Mapping[str, str]] = {
    "<": N_("%(what)s: under %(number)s"),
    "<=": N_("%(what)s: at most %(number)s"),
    ">": N_("%(what)s: over %(number)s"),
    ">=": N_("%(what)s: at least %(number)s"),
    "==": N_("%(what)s: exactly %(number)s"),
    "!=": N_("%(what)s: other than %(number)s"),
}
BETWEEN: Final = N_("%(what)s: from %(low)s to %(high)s")
OPPOSITES: Final[Mapping[str, str]] = {"<": ">=", ">=": "<", "<=": ">", ">": "<=", "==": "!=", "!=": "=="}
TURNED: Final[Mapping[str, str]] = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
JOINED: Final[Mapping[str, str]] = {"&&": N_("%(first)s and %(second)s"), "||": N_("%(first)s or %(second)s")}
#: Results that shipped rules compare; of another one the LOINC code is said.
RESULTS: Final[Mapping[str, str]] = {
    "33914-3": N_("estimated glomerular filtration rate"),
    "4548-4": N_("haemoglobin A1c"),
}
