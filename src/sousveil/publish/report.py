"""The two pages, from the templates: autoescaped, strict about names, without script, one style for both."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sousveil.publish.charts import rules
from sousveil.publish.story import Story
from sousveil.version import __version__

TEMPLATES = Path(__file__).parent / "templates"
PAGES = ("index.html", "methods.html")


def pages(story: Story) -> dict[str, bytes]:
    """Both pages by their file name."""
    style = (TEMPLATES / "style.css").read_text("utf-8") + rules(story.bars, story.lines)
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return {
        name: _environment()
        .get_template(name)
        .render(story=story, style=Markup(style), style_hash=digest, version=__version__)  # noqa: S704
        .encode("utf-8")
        for name in PAGES
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
