"""The places that the head of a page leads to, for those who may go there."""

from dataclasses import dataclass
from typing import Final

from secunda.permissions import Permission
from secunda.web.catalogues import N_


@dataclass(frozen=True)
class Place:
    path: str
    title: str
    permission: Permission


#: In the order shown; the front page leads to the first that its reader may see.
PLACES: Final[tuple[Place, ...]] = (
    Place("/cases", N_("Cases"), Permission.SEE_CASES),
    Place("/launch", N_("New case"), Permission.LAUNCH_CASES),
    Place("/ops", N_("Operations"), Permission.OPERATE),
    Place("/pathways", N_("Pathways"), Permission.SEE_PATHWAYS),
    Place("/overview", N_("Overview"), Permission.SEE_OVERVIEW),
)
