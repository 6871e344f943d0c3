"""The page in a browser, without a window: is all of it seen, by everyone, on a phone and on a desk, light and dark."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers_report import EVALUATED, FINDINGS, full, missing, report

from ipvi_cli.report import page
from ipvi_cli.workspace import csv_bytes

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next((found for name in BROWSERS if (found := shutil.which(name))), None)
AXE = Path(__file__).with_name("axe.min.js")
PHONE, DESK = 360, 1280

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here to look at the page with")

_LOOK = """
addEventListener('load', async () => {
  const clipped = [];
  const outside = e => e.closest('.scroll, .for-ears, svg');
  if (document.documentElement.scrollWidth > innerWidth) clipped.push('the page');
  for (const e of document.querySelectorAll('body *')) {
    if (outside(e) || e.clientWidth === 0 || getComputedStyle(e).display === 'inline') continue;
    if (e.scrollWidth > e.clientWidth + 1) clipped.push(e.tagName + ' ' + e.textContent.trim().slice(0, 40));
  }
  for (const t of document.querySelectorAll('svg text')) {
    const a = t.getBoundingClientRect(), b = t.closest('figure').getBoundingClientRect();
    if (a.left < b.left - 1 || a.right > b.right + 1) clipped.push('drawing: ' + t.textContent);
  }
  const drawn = [...document.querySelectorAll('svg text')].map(t => getComputedStyle(t).fill);
  const found = await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']});
  const wrong = found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '));
  parent.postMessage({width: innerWidth, clipped, wrong, passed: found.passes.length, ink: [...new Set(drawn)],
    paper: getComputedStyle(document.body).backgroundColor}, '*');
});
"""

_HARNESS = """<!doctype html><pre id="told"></pre>
{frames}
<script>
const told = [];
addEventListener('message', e => {{
  told.push(e.data);
  document.getElementById('told').textContent = JSON.stringify(told);
}});
</script>"""


def browse(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert BROWSER is not None
    given = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", *arguments]
    return subprocess.run(given, capture_output=True, encoding="utf-8", timeout=120, check=False)


def look(text: str, folder: Path, *, dark: bool = False) -> dict[int, dict[str, Any]]:
    """Open a page at both widths and give what was seen, by width."""
    # The page allows no scripts; only this copy lets the looking glass in.
    opened = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    opened = opened.replace("<details>", "<details open>")
    script = f"<script>{AXE.read_text(encoding='utf-8')}</script><script>{_LOOK}</script>"
    (folder / "copy.html").write_text(
        opened.replace("</body>", f"{script}</body>"), encoding="utf-8"
    )
    frames = "".join(
        f'<iframe src="copy.html" style="width:{width}px;height:900px;border:0"></iframe>'
        for width in (PHONE, DESK)
    )
    (folder / "harness.html").write_text(_HARNESS.format(frames=frames), encoding="utf-8")
    shade = ["--blink-settings=preferredColorScheme=0"] if dark else []
    done = browse(
        *shade, "--virtual-time-budget=60000", "--window-size=1400,1000", "--dump-dom",
        (folder / "harness.html").as_uri(),
    )  # fmt: skip
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, re.S)
    assert told is not None
    seen = json.loads(html.unescape(told[1]))
    return {one["width"]: one for one in seen}


def _text(*, internal: bool) -> str:
    import polars as pl

    found = pl.DataFrame(
        [("IPVI-1", "error", "a date lies in the future", 4)], schema=FINDINGS, orient="row"
    )
    lacking = missing("D08", "victim.injury_raw; offense.weapon_raw|arrest.arrest_number")
    made = report(
        *full()[:-1],
        lacking,
        missing("C14", "offense.location_code"),
        complete=False,
        failures=("calls.csv: is missing.",),
        findings=found,
        quarantined=20,
        internal=internal,
        evaluation=EVALUATED,
    )
    return page(made, csv_bytes)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], dict[int, dict[str, Any]]]:
    kept: dict[bool, dict[int, dict[str, Any]]] = {}

    def give(dark: bool) -> dict[int, dict[str, Any]]:
        if dark not in kept:
            folder = tmp_path_factory.mktemp("look")
            kept[dark] = look(_text(internal=dark), folder, dark=dark)
        return kept[dark]

    return give


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nothing_is_clipped_and_everyone_can_read_it(
    width: int, dark: bool, seen: Callable[[bool], dict[int, dict[str, Any]]]
) -> None:
    found = seen(dark)[width]
    assert found["clipped"] == []
    assert found["wrong"] == []
    assert found["passed"] > 20


def test_the_dark_page_is_dark_and_its_drawings_are_light(
    seen: Callable[[bool], dict[int, dict[str, Any]]],
) -> None:
    light, dark = (seen(shade)[DESK] for shade in (False, True))
    assert (light["paper"], light["ink"]) == ("rgb(255, 255, 255)", ["rgb(26, 31, 39)"])
    assert (dark["paper"], dark["ink"]) == ("rgb(20, 24, 30)", ["rgb(232, 236, 242)"])


def test_what_is_wrong_would_be_seen(tmp_path: Path) -> None:
    wrong = '<p style="width:50px;color:#eee;background:#fff">Thisisalongwordthatdoesnotfit</p><img src="">'
    found = look(f"<html><body>{wrong}</body></html>", tmp_path)[PHONE]
    assert found["clipped"] == ["P Thisisalongwordthatdoesnotfit"]
    assert {one.split(":")[0] for one in found["wrong"]} >= {"image-alt", "color-contrast"}


def test_the_page_as_it_is_says_nothing_on_the_console(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(_text(internal=False), encoding="utf-8")
    done = browse("--enable-logging=stderr", "--v=0", "--dump-dom", path.as_uri())
    assert "Springfield" in done.stdout
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []


def test_every_printed_page_is_marked(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here to read a print with")
    path = tmp_path / "report.html"
    path.write_text(_text(internal=True), encoding="utf-8")
    browse("--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'r.pdf'}", path.as_uri())
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "r.pdf"), "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout  # fmt: skip
    pages = text.rstrip("\f").split("\f")
    assert len(pages) > 5
    assert [number for number, one in enumerate(pages, 1) if "CONFIDENTIAL" not in one] == []
