"""The one flow that every specialty runs."""

from prefect import flow

from tasks.adjudicate import adjudicate
from tasks.assign import assign
from tasks.close import close
from tasks.collect import collect
from tasks.consent import consent
from tasks.deliver import deliver
from tasks.execution import executing
from tasks.gather import gather
from tasks.render import render
from tasks.screen import screen
from tasks.take_up import take_up
from tasks.triage import triage


@flow(name="second-opinion", persist_result=False)
async def second_opinion(case_reference: str) -> None:
    """Carry one case from its request to the signed report.

    A finished step returns at once; a step that must wait parks the run. Running it again from the top is always safe.
    """
    async with executing(case_reference) as case:
        await take_up(case)
        await screen(case)
        await consent(case)
        await gather(case)
        await triage(case)
        await assign(case)
        await collect(case)
        await adjudicate(case)
        await render(case)
        await deliver(case)
        await close(case)
