"""The mails as a browser draws them, light and dark, wide and narrow: nothing sticks out, and everything can be read."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from making_years import example
from reading_mail import seen_by_python

from aftale.mail.html import html as set_html
from aftale.model.agreement import MISSING, UNDECIDED, Round, Status
from aftale.model.mail import Bullets, Link, Paragraph, StatusTable, Written
from aftale.steps.send import prepare, send

EVERYTHING = Written("Alt på én gang", (
    Paragraph(("Kære alle", "https://example.dk/" + "meget-lang-adresse-uden-mellemrum" * 8)),
    StatusTable(tuple((status, 1) for status in (*map(str, Status), UNDECIDED, MISSING)), 10),
    Bullets((("M1.1.1 " + "Et langt mål med mange ord i. " * 12, "Mangler status og resultat"), ("x" * 200, "")), True),
    Paragraph(("Skemaet ligger her:",)),
    Link("\\\\server\\" + "en-meget-lang-mappe" * 12 + "\\skema.xlsx", "file://server/skema.xlsx", "Klik på linket."),
    Paragraph(("Det mangler:",)),
    Bullets((("Status mangler ved 2 mål:", "M1.1.1 " + "Et langt mål. " * 12 + "\nM1.1.2 " + "y" * 150),), grouped=True)))

MEASURE = """
const frame = document.querySelector('iframe');
frame.onload = () => {
  const page = frame.contentDocument, out = {wide: page.documentElement.scrollWidth, room: frame.clientWidth, texts: []};
  const see = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.data.trim()) continue;
    let at = walker.currentNode.parentElement, style = frame.contentWindow.getComputedStyle(at), fill = null;
    for (let each = at; each && !fill; each = each.parentElement) {
      const back = see(frame.contentWindow.getComputedStyle(each).backgroundColor);
      if (back.length < 4 || back[3] > 0) fill = back;
    }
    const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
    const text = walker.currentNode.data.trim().slice(0, 40);
    out.texts.push([text, see(style.color), fill || canvas, parseFloat(style.fontSize)]);
  }
  document.title = 'done';
  document.querySelector('pre').textContent = JSON.stringify(out);
};
frame.srcdoc = SOURCE;
"""


def drawn(page: str, folder: Path, width: int, dark: bool) -> dict[str, object]:
    """Draw a page in a frame of a width with headless Chromium and measure it; skipped where it isn't installed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")
    script = MEASURE.replace("SOURCE", json.dumps(page).replace("</", "<\\/"))
    wrapper = folder / "maal.html"
    wrapper.write_text(f'<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><iframe'
                       f' style="width:{width}px;height:800px;border:0"></iframe><pre></pre><script>{script}</script>',
                       encoding="utf-8")
    done = subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder / 'profil'}",
         f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--window-size=1200,900", "--virtual-time-budget=3000",
         "--dump-dom", wrapper.as_uri()], capture_output=True, timeout=120, check=True)
    found = re.search(r"<pre>(\{.*\})</pre>", done.stdout.decode("utf-8"), re.S)
    assert found, done.stdout[-2000:]
    measured: dict[str, object] = json.loads(html.unescape(found[1]))
    return measured


def contrast(one: list[float], other: list[float]) -> float:
    """Return the contrast of two colours as WCAG 2 has it."""
    def light(colour: list[float]) -> float:
        parts = [c / 255 / 12.92 if c / 255 <= 0.03928 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the mail to KSE on the shipped example, and a mail with everything that one can hold."""
    folder = tmp_path_factory.mktemp("mail")
    path = folder / "opfoelgning.xlsx"
    path.write_bytes(example(folder, Round.AARSOPFOELGNING).read_bytes())
    draft = next(file.data for file in send(prepare(path)).files if file.path.suffix == ".eml")
    return {"kse": seen_by_python(draft).html, "alt": set_html(EVERYTHING)}


@pytest.mark.parametrize(("name", "width", "dark"), [
    ("kse", 320, False), ("kse", 1000, True), ("alt", 320, True), ("alt", 1000, False)])
def test_nothing_sticks_out_and_every_text_can_be_read(pages: dict[str, str], name: str, width: int, dark: bool,
                                                       tmp_path: Path) -> None:
    measured = drawn(pages[name], tmp_path, width, dark)
    assert measured["wide"] == measured["room"] == width, "it needn't be scrolled sideways"
    texts = measured["texts"]
    assert isinstance(texts, list) and len(texts) > 20
    for text, ink, fill, size in texts:
        assert contrast(ink, fill) >= 4.5, (text, ink, fill)
        assert size >= 15, text


def test_a_list_has_a_heading_and_goals_that_lack_the_same_are_a_list_below_what_they_lack(pages: dict[str, str]) -> None:
    page = pages["alt"]
    assert re.search(r"<p[^>]*><b>Det mangler:</b></p>", page)
    inner = page.split("<b>Status mangler ved 2 mål:</b>")[1]
    assert re.match(r"<ul[^>]*><li[^>]*>M1\.1\.1 [^<]*</li><li[^>]*>M1\.1\.2 y+</li></ul></li>", inner)


def test_outlook_finds_its_styles_where_it_looks(pages: dict[str, str]) -> None:
    """No style sheet, no picture and no script; every cell says its own font, and both its colours where it has one."""
    for page in pages.values():
        assert not re.search(r"<(style|script|img|link|svg)\b", page)
        for cell in re.findall(r"<t[dh][^>]*>[^<]", page):
            assert "font-family" in cell
        for cell in re.findall(r"<t[dh][^>]*background-color[^>]*>", page):
            assert "bgcolor=" in cell and re.search(r"[; ]color:#", cell)
