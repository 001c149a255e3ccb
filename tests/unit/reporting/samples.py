"""Invented report contents, one a specialty."""

from pathlib import Path

from ruamel.yaml import YAML

from secunda.reporting.content import ReportContent

FOLDER = Path(__file__).parent / "contents"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def sample(name: str) -> ReportContent:
    """The content of `contents/NAME.yaml`."""
    return ReportContent.model_validate(YAML(typ="safe").load(FOLDER / f"{name}.yaml"))
