"""Answering what a patient asks for by law, wherever the case stands: a closed one takes it too."""

from typing import Annotated

from fastapi import Form, Response

from models.rights_request import Right, RightAnswer
from secunda.actions import rights
from secunda.web.coordinator.acting import Coordinator, Reason, done
from secunda.web.routes import web_router

router = web_router(prefix="/cases/{reference}")
AskedFor = Annotated[Right, Form()]


@router.post("/answer-right")
def answer(
    reference: str, person: Coordinator, right: AskedFor, answer: Annotated[RightAnswer, Form()], reason: Reason = ""
) -> Response:
    """Say what the patient is answered."""

    def act(case: str) -> None:
        rights.answer_right(case, right, answer, person.actor, reason)

    return done(reference, person, "rights", act)


@router.post("/extend-right")
def extend(reference: str, person: Coordinator, right: AskedFor, reason: Reason = "") -> Response:
    """Take the two months more that the law gives."""
    return done(reference, person, "rights", lambda case: rights.extend_right(case, right, person.actor, reason))
