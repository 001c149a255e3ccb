"""The pathways that take cases."""

from pathways import loader
from pathways.vocabulary import Specialty, Text
from secunda.api.authentication import caller
from secunda.api.v1.door import LIST, problems, router
from secunda.api.v1.shapes import Told
from secunda.settings import settings

routes = router("pathways")


class PathwayOut(Told):
    """One pathway. `draft`: no clinician has approved its content yet."""

    pathway: Specialty
    title: Text
    version: str
    hash: str
    draft: bool


class PathwayList(Told):
    items: list[PathwayOut]


@routes.get("/pathways", response_model=PathwayList, operation_id="list_pathways", responses=problems(*LIST))
def list_pathways(who: caller("reviews:read")) -> PathwayList:  # type: ignore[valid-type] # noqa: ARG001
    """Which pathways there are, in which version."""
    found = loader.load_all(settings().pathway_folder)
    return PathwayList(
        items=[
            PathwayOut(
                pathway=name,
                title=loaded.pathway.title,
                version=loaded.pathway.version,
                hash=loaded.hash,
                draft=loaded.pathway.review.is_draft,
            )
            for name, loaded in found.items()
        ]
    )
