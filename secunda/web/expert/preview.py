"""How the opinion would look in print: this expert's own part, marked as a preview. Nobody else's is in it."""

from fastapi import Request, Response

from secunda.opinion_preview import preview_content
from secunda.reporting.printing import print_report
from secunda.web.expert.opinion import sheet_of
from secunda.web.expert.seat import Expert, check_is_writing, seat_of
from secunda.web.routes import web_router

router = web_router(prefix="/expert/{subject}/preview")


@router.get("")
def show(request: Request, visitor: Expert) -> Response:  # noqa: ARG001 - every page is asked for the same way
    """The PDF of what was saved last."""
    content = sheet_of(visitor).form.content
    with seat_of(visitor) as seat:
        check_is_writing(seat)
        printed = preview_content(seat.context, seat.assignment, content)
    pdf = print_report(printed, content.language.value, preview=True).pdf
    headers = {"Content-Disposition": f'inline; filename="{visitor.reference}-preview.pdf"'}
    return Response(pdf, 200, headers, "application/pdf")
