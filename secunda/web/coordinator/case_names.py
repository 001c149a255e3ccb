"""What the codes in a case's events are called: its documents, roles, clinical situations, clocks and messages."""

from collections.abc import Mapping

from secunda.case_context import CaseContext
from secunda.views.case_show import CaseView
from secunda.web.catalogues import say, translations
from secunda.web.coordinator import case_words
from secunda.web.patient.reads import WHAT


def names_of(context: CaseContext, view: CaseView, language: str) -> Mapping[str, Mapping[str, str]]:
    """Field of an event → code → name, in the reader's language."""
    pathway, panel = context.pathway, context.pathway.panel
    roles = {one.key: say(one.title, language) for one in (*panel.roles, *filter(None, (panel.extra_reader,)))}
    clocks = {one.key: say(one.title, language) for one in context.overlay.clocks}
    experts = {one.expert: one.name for seat in view.panel for one in (seat.holder, *seat.former) if one}
    people = _translated(case_words.RECIPIENTS, language)
    recipients = people | {f"expert:{code}": name for code, name in experts.items()}
    return {
        "expert": experts,
        "key": {one.key: say(one.title, language) for one in pathway.documents},
        "role": roles,
        "dissent": {f"{key}:{seat}": title for key, title in roles.items() for seat in range(1, 10)},
        "flags": {one.key: say(one.title, language) for one in pathway.flags},
        "clock": clocks,
        "event": _translated(case_words.EVENTS, language),
        "recipient": recipients,
        "recipients": recipients,
        "channel": _translated(case_words.CHANNELS, language),
        "specialty": {pathway.pathway.value: say(pathway.title, language)},
        "what": _translated(WHAT, language),
        "warnings": {str(key): word for key, word in _translated(case_words.WARNINGS, language).items()},
    }


def _translated(words: Mapping[str, str], language: str) -> dict[str, str]:
    return {key: translations(language).gettext(word) for key, word in words.items()}
