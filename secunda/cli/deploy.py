"""`secunda deploy`."""

from secunda import prefect_environment
from secunda.cli.output import AsJson, print_done
from secunda.settings import settings


def command(as_json: AsJson = False) -> None:
    """Create the work pool and the deployments of prefect.yaml; harmless when they are there."""
    prefect_environment.apply(settings())
    from secunda.launching import deploy_now

    names = deploy_now()
    print_done(names, f"{len(names)} deployments: {', '.join(names)}.", as_json=as_json)
