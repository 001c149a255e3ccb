"""The sentences that a payer's person reads in an answer. English: FHIR gives them no language of their own."""

from datetime import timedelta

from secunda.fhir_door.answer import ClockShown, ReviewAnswer
from secunda.fhir_door.names import day, instant

CERTIFIED = "certified"
_MOST_NAMED = 10  # papers that one note names


def notes(answer: ReviewAnswer) -> list[str]:
    """What to tell: the decision first, then the opinion, the clock, and what is still missing."""
    clock = _clock(answer.clock, is_open=answer.is_open)
    written = [_decision(answer), _opinion(answer), clock, _past(answer), _refused(answer), still_wanted(answer)]
    return [text for text in written if text]


def _past(answer: ReviewAnswer) -> str:
    """A service that lies in the past is reviewed all the same: payers ask afterwards, too, and dates are mistyped."""
    if answer.planned_on is None or answer.planned_on >= answer.created_at.date() or not answer.is_open:
        return ""
    return (
        f"The procedure is dated {day(answer.planned_on)}, before the review was asked for: the date hastens nothing. "
        "Send an update with the right date if it is another."
    )


def _decision(answer: ReviewAnswer) -> str:
    if answer.certification == CERTIFIED:
        return answer.reason or "Certified: your rules say that agreement of the second opinion certifies."
    if answer.certification == "cancelled":
        return "Cancelled at your request."
    if answer.report is not None:
        why = answer.reason or "your rules do not say that the opinion certifies"
        return f"Pended to your medical director: {why.rstrip('.')}. The second opinion is attached."
    return f"Pended: the second opinion is being prepared ({answer.stage.lower()})."


def _opinion(answer: ReviewAnswer) -> str:
    shown = answer.concordance
    if shown is None:
        return ""
    dissent = "; a member of the panel dissents" if shown.dissent else ""
    return (
        f"Second opinion: diagnosis {shown.diagnosis.value}, treatment {shown.treatment.value}, "
        f"planned procedure {shown.stance.replace('_', ' ')}{dissent}."
    )


def _clock(clock: ClockShown | None, *, is_open: bool) -> str:
    if clock is None or not is_open:
        return ""
    stopped = f"; stopped for {_length(clock.stopped)} so far" if clock.stopped else ""
    left = f"{_length(clock.left)} left" if clock.left >= timedelta() else f"{_length(-clock.left)} late"
    still = " (the clock stands still)" if clock.is_stopped else ""
    return f"Determination due {instant(clock.due_at)} under {clock.rule}: {left}{still}{stopped}."


def _length(length: timedelta) -> str:
    whole = int(length.total_seconds() // 60)
    days, rest = divmod(whole, 1440)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(part for part in parts if part) or "less than a minute"


def _refused(answer: ReviewAnswer) -> str:
    """What came and could not be taken in, so that it is not waited for in vain."""
    if not answer.refused or not answer.is_open:
        return ""
    named = [
        f"document {one.number}{f' (LOINC {one.loinc})' if one.loinc else ''}: {one.why.rstrip('.')}"
        for one in answer.refused[:_MOST_NAMED]
    ]
    more = len(answer.refused) - len(named)
    return f"Not taken in: {'; '.join(named)}{f'; and {more} more' if more > 0 else ''}. Send it again, mended."


def still_wanted(answer: ReviewAnswer) -> str:
    """The papers that are still asked for, by name and LOINC code; empty when there are none."""
    if not answer.wanted or not answer.is_open:
        return ""
    named = [f"{one.title} (LOINC {', '.join(one.loinc)})" for one in answer.wanted[:_MOST_NAMED]]
    more = len(answer.wanted) - len(named)
    return f"Still asked for: {'; '.join(named)}{f'; and {more} more' if more > 0 else ''}."
