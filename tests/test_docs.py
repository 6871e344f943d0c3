import importlib.util
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from ipvi_cli.cli import commands
from ipvi_cli.cli.app import LazyGroup
from ipvi_cli.cli.command import declared

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", list(generator().PAGES))
def test_the_generated_pages_are_current(name: str) -> None:
    made = generator().PAGES[name]()
    assert (DOCS / name).read_text(encoding="utf-8") == made, "run: python docs/generate.py"


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))],
    ids=lambda page: page.name,
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_site_builds_without_a_warning_and_fetches_nothing(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the extra docs is not installed")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stderr) == (0, "")
    fetched = re.compile(r"""<(?:link|script|img)[^>]*(?:href|src)=["'](?:https?:)?//""")
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 20
    assert [page.name for page in pages if fetched.search(page.read_text(encoding="utf-8"))] == []


def test_every_command_is_in_the_reference() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    told = re.findall(r"^### ipvi (\w+)$", page, flags=re.M)
    assert told == LazyGroup(name="ipvi").list_commands(None)


def test_no_two_commands_have_one_place_in_the_help() -> None:
    ranks = [
        declared(getattr(import_module(f"{commands.__name__}.{name}"), name)).rank
        for name in LazyGroup(name="ipvi").list_commands(None)
    ]
    assert len(ranks) == len(set(ranks))
