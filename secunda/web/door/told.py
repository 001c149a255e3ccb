"""What else is refused by link, as the code that refuses says it: here so that it is translated."""

from typing import Final

from secunda.web.catalogues import N_

REFUSALS: Final = (
    N_("Too many codes were asked for in the last hour."),
    N_("Too many links were asked for in the last hour."),
    N_("This code is not good any more."),
    N_("Please tick that you have read it."),
    N_("Please say in a few words why it cannot be had."),
    N_("Please say why."),
    N_("This place cannot be given back here."),
    N_("Please confirm that this is your opinion."),
    N_("While you read blind there is no preview."),
    N_("The report is not ready yet."),
    N_("The question is empty."),
    N_("The question is longer than 500 characters."),
    N_("There are ten questions of yours already."),
    N_("There is no opinion to write here now."),
    N_("There is no such document."),
)
