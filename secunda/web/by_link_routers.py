"""The routers of those who come in by a link."""

from typing import Final

from secunda.web.door import links
from secunda.web.expert import documents as papers
from secunda.web.expert import home as desk
from secunda.web.expert import opinion, preview
from secunda.web.patient import consent, documents, home, questions, reads, report, rights

BY_LINK: Final = (
    *(links.router, desk.router, papers.router, opinion.router, preview.router),
    *(home.router, consent.router, documents.router, questions.router, report.router, reads.router, rights.router),
)
