"""Build ``aftale_skabelon.xlsx``, the workbook that every agreement is made from: the same bytes every time.

    python templates/byg_skabelon.py [--ud FIL]

Staff restyle the result in Excel as they like; this script only shows a reviewer what is in the one that is shipped.
"""

from __future__ import annotations

import argparse
import io
import sys
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped,unused-ignore]

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # runs from a fresh clone too

from aftale.agreement.template_xlsx import DATE_FORMAT
from aftale.model.agreement import Demand, Method, Scope, Status
from aftale.model.columns import (
    AFTALETEKST,
    FACT_BY_KEY,
    FORSIDE,
    KSE_TEXT,
    LISTER,
    MAAL,
    RECORD,
    RECORD_COLUMNS,
    TEXT_NAMES,
    Column,
    maal_columns,
)
from aftale.office.library_private import calculated_already
from aftale.office.openpyxl_book import text_height
from aftale.office.package import EPOCH, let_rows_grow, reproducible
from aftale.office.palette import FONT, INK, INPUT, INPUT_LINE, LINE, MIST, MUTED, NAVY, PAPER, SEA, WHITE

EDITION = "1"
YEARS = range(2015, 2019)
OUTPUT = Path(__file__).resolve().with_name("aftale_skabelon.xlsx")
Look = dict[str, Any]

# What stands on Forside -------------------------------------------------------------------------------------------

WELCOME = ("Denne fil er selve aftalen. Her på forsiden står parterne og de aftalte frister, på arket Aftaletekst står det,"
           " der gælder generelt, og på arket Mål står udviklingsplanens mål. Gule felter mangler at blive udfyldt. Alt kan"
           " rettes direkte i cellerne – også fristerne: Det er dem, der står her, der gælder.")
GROUPS = (
    ("Parterne", ("enhed", "afdeling", "kortnavn")),
    ("Aftalen", ("aar", "periode", "tema")),
    ("Kontaktpersoner", ("koordinator", "koordinator_mail", "kse_kontakt", "kse_mail")),
    ("Frister", ("frist_midtvejs", "svarfrist_midtvejs", "frist_aarsopfoelgning", "svarfrist_aarsopfoelgning")),
    ("Skemaerne", ("delt_mappe",)),
    ("Økonomi", ("oekonomisk_ramme",)),
)
ADVICE = {
    "enhed": "Enhedens navn, som det skal stå i aftalen og i skemaerne.",
    "afdeling": "Den forvaltning eller afdeling, som enheden indgår aftalen med.",
    "kortnavn": "Det, forvaltningen kaldes til daglig. Det står i skemaer, mails og opfølgning; er feltet tomt, står der "
                "»forvaltningen«.",
    "aar": "Det kalenderår, aftalen gælder for, med fire cifre.",
    "periode": "Udviklingsplanens første og sidste år med en streg imellem.",
    "tema": "Årets gennemgående tema med få ord. Uddyb det på arket Aftaletekst.",
    "koordinator": "Den, der samler opfølgningen i enheden.",
    "koordinator_mail": "Adressen, som de udfyldte skemaer skal returneres til.",
    "kse_kontakt": "Den i forvaltningen, der modtager opfølgningen.",
    "kse_mail": "Adressen, som opfølgningen sendes til.",
    "frist_midtvejs": "Sidste dag for svar, fx 10. juni og året. Skemaerne sendes normalt ud i maj.",
    "frist_aarsopfoelgning": "Sidste dag for svar, fx 10. november og året. Skemaerne sendes normalt ud i oktober.",
    "svarfrist_midtvejs": "Kan udelades: den dag, forvaltningen senest skal have skrevet sine bemærkninger til "
                          "midtvejsopfølgningen. Den står i mailen til forvaltningen.",
    "svarfrist_aarsopfoelgning": "Kan udelades: den dag, forvaltningen senest skal have skrevet sine bemærkninger til "
                                 "årsopfølgningen. Den står i mailen til forvaltningen.",
    "delt_mappe": "Kan udelades: mappen, som skemaerne ligger delt i (https://… eller \\\\server\\…). Så har mailene et "
                  "link til skemaet i stedet for filen. {runde} bliver til midtvejs eller aarsopfoelgning.",
    "oekonomisk_ramme": "Den ramme, som målene skal nås inden for, med tal eller ord.",
}

# What stands on Aftaletekst ---------------------------------------------------------------------------------------

TEXT = """
# Hvad aftalen er

Én gang om året sætter forvaltningen og den enhed, der selv har ansvar for sit budget, sig sammen og aftaler, hvad
enheden vil opnå. Aftalen gælder for ét kalenderår. Den er resultatet af en dialog, og den bliver taget frem igen, når
året er godt i gang, og når det er ved at være omme.

# Fra fireårig plan til årets mål

Forvaltningen arbejder hen imod, at hver aftale hviler på en udviklingsplan for fire år. Planen peger ud, hvor enheden skal
bevæge sig hen, med udviklingsmål og fokusområder. Effektmålene er de etårige skridt på vejen: De siger, hvad der skal
være anderledes, når året er gået. Et effektmål kan være delt op i delmål. Krydsene på arket Mål viser, hvilke år der
arbejdes med hvert af dem. Planens periode står på forsiden.

# Mål, der følger de vedtagne strategier

Målene skal trække i samme retning som de strategier og politikker, der er vedtaget politisk. Når et mål bidrager til
en bestemt strategi eller sektorpolitik, nævnes den i kolonnen Politik.

Forvaltningen stiller desuden tre krav, som enhver aftale mindst skal tage op:

* Bredde. Kulturtilbuddene skal spænde så vidt, at endnu flere borgere finder noget, de selv har lyst til at tage del i.

* Tilgængelighed. Kulturen skal være let at komme til. Det kan være nye steder at møde den eller nye måder at formidle
den på, så den kommer til at tilhøre alle og ikke kun de få.

* Partnerskaber. Kulturlivet udvikles bedst sammen med andre. Enheden skal derfor samarbejde mere, og med flere, end den
gjorde før.

Hvilke af kravene et mål bidrager til, står i kolonnen med krav.

# Inden for rammen og oven i hverdagen

Udgangspunktet er, at de valgte mål kan nås for det beløb, enheden har fået tildelt; rammen står på forsiden. Målene
kommer ikke i stedet for den daglige drift. Mens der arbejdes med dem, kører kerneydelsen videre, og betjeningen af
brugerne bliver ved med at blive bedre.

# Tre formål

* Dialog. Aftalen er et redskab, der giver forvaltning og enhed noget konkret at tale sammen om.

* Synlighed og sammenhæng. Enhver kan se, hvordan det, politikerne lægger vægt på, hænger sammen med budgettet og med
det, enheden bruger sin tid på.

* Systematisk opfølgning. Sektorpolitikker og mål bliver ikke glemt, men fulgt op på samme måde hver gang.

# Opfølgning i to runder

Målene følges op to gange i løbet af året. De ansvarlige får et skema med netop deres egne mål, og enheden samler
svarene i én opfølgning, som forvaltningen får og kan skrive sine bemærkninger i. Fristerne står på forsiden.

* Midtvejs, maj–juni. Går det, som det skal? Skemaerne sendes ud i maj og er retur i juni. Her er der stadig tid til at
rette kursen.

* Årsopfølgning, oktober–november. Hvad blev nået? Skemaerne sendes ud i oktober og er retur i november, så svarene er
klar, når næste års aftale skal forhandles.
"""
WRITTEN = (
    ("Årets tema", "Skriv temaet, og hvad det betyder for arbejdet i år.", TEXT_NAMES[0]),
    ("Særlige aftaler", "Skriv det, parterne har aftalt ud over målene.", TEXT_NAMES[1]),
)
INTRO = ("Ét mål pr. række, med niveauerne over det gentaget. Sæt x i de år, der arbejdes med målet – eller skriv årets "
         "eget måltal. Adskil flere ansvarlige med ; Vælg en overskrift for at se, hvad der skal stå under den.")
GUIDE = {
    "id": ("Mål-id", "Lad feltet være tomt. Nye mål får selv et nummer, som aldrig ændres."),
    "development": ("Udviklingsmål", "Gentag udviklingsmålet på hver række, så kan arket sorteres og filtreres."),
    "focus": ("Fokusområde", "Gentag fokusområdet på hver række. En række uden effektmål er selve fokusområdet."),
    "effect": ("Effektmål", "Gentag effektmålet på de rækker, der har et delmål under sig."),
    "sub": ("Delmål", "Kun hvis effektmålet er delt op. Et delmål uden år følger sit effektmål."),
    "year": ("x eller et tal", "Skriv x, hvis der arbejdes med målet det år, eller skriv årets eget måltal."),
    "demands": ("Krav", "Forvaltningens krav til aftalen: Skriv dem, målet bidrager til, med ; imellem."),
    "policy": ("Politik", "Den vedtagne strategi eller sektorpolitik, målet bidrager til."),
    "method": ("Måltype", "Hvordan skal resultatet holdes op mod måltallet? Vælg på listen."),
    "baseline": ("Udgangspunkt", "Tallet, før arbejdet gik i gang. Nødvendigt ved stigning og fald."),
    "target": ("Måltal", "Det tal, der skal nås. Ved stigning og fald er det procent, fx 50 %."),
    "unit": ("Måleenhed", "Det, der tælles: besøg, samarbejder, point, % …"),
    "scope": ("Opgøres", "Gælder måltallet for hvert år for sig eller for hele perioden? Vælg på listen."),
    "due": ("Frist", "Hvornår målet skal være nået, med ord: fx inden sommerferien. Der regnes ikke på den."),
    "owners": ("Ansvarlig", "Hvem svarer på målet? Adskil flere med ;"),
    "emails": ("E-mail", "Den ansvarliges adresse. Flere i samme rækkefølge som navnene, med ; imellem."),
}
PROMPTED = frozenset(("id", "year", "demands", "baseline", "target", "owners", "emails"))
"""The columns that say what to write at every row; the others say it at their header alone, out of the way of who writes."""
LISTS = (
    ("Måltype", "Liste_maaltype", tuple(Method)),
    ("Opgøres", "Liste_opgoeres", tuple(Scope)),
    ("Status", "Liste_status", tuple(Status)),
)
DROPDOWNS = {"method": "=Liste_maaltype", "scope": "=Liste_opgoeres"}

# Looks ------------------------------------------------------------------------------------------------------------

BASE: Look = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "top"}
BAND: Look = {**BASE, "bg_color": NAVY, "font_color": WHITE, "valign": "vcenter", "indent": 1}
HEADING: Look = {**BASE, "font_size": 14, "bold": True, "font_color": NAVY, "valign": "bottom", "bottom": 1,
                 "bottom_color": SEA}
BODY: Look = {**BASE, "text_wrap": True}
LABEL: Look = {**BASE, "font_color": MUTED, "valign": "vcenter"}
FIELD: Look = {**BODY, "valign": "vcenter", "align": "left", "bottom": 1, "bottom_color": LINE, "indent": 1}
WRITE: Look = {**BODY, "border": 1, "border_color": LINE, "indent": 1}
HEADER: Look = {**BASE, "bold": True, "bg_color": NAVY, "font_color": WHITE, "text_wrap": True, "valign": "vcenter",
                "border": 1, "border_color": SEA}
MODEL: Look = BODY


class Book:
    """The workbook while it is drawn: makes each look once, and takes every refusal of xlsxwriter seriously."""

    def __init__(self, out: io.BytesIO) -> None:
        self.file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False,
                                              "strings_to_urls": False, "strings_to_numbers": False})
        calculated_already(self.file)
        self.file.set_properties({"title": "Dialogbaseret aftale", "created": EPOCH})
        self._looks: dict[str, Any] = {}
        self.growing: dict[int, set[int]] = {}

    def look(self, look: Mapping[str, Any], **more: Any) -> Any:
        """Return the xlsxwriter format of a look with some differences."""
        wanted = {**look, **more}
        key = repr(sorted(wanted.items()))
        if key not in self._looks:
            self._looks[key] = self.file.add_format(wanted)
        return self._looks[key]

    def sheet(self, name: str, colour: str, widths: Iterable[float]) -> Any:
        """Add a sheet that prints on A4 and shows no gridlines."""
        sheet = self.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(colour)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8&K{MUTED[1:]}Dialogbaseret aftale  ·  &A&R&8&K{MUTED[1:]}Side &P af &N")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.look(BASE))
        return sheet

    def name(self, name: str, sheet: str, row: int, column: int) -> None:
        """Give a cell a name in the whole workbook."""
        place = xlsxwriter.utility.xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        checked(self.file.define_name(name, f"='{sheet}'!{place}"))

    def grow(self, sheet: Any, row: int) -> None:
        """Let a row (zero-based) grow when someone types a long text in it."""
        self.growing.setdefault(sheet.index + 1, set()).add(row + 1)


def checked(code: Any) -> None:
    """Raise ValueError where xlsxwriter has refused something, which it only says with a number."""
    if isinstance(code, int) and code < 0:
        raise ValueError(f"xlsxwriter kunne ikke skrive (kode {code})")


def advise(sheet: Any, row: int, column: int, title: str, text: str, **rule: Any) -> None:
    """Show a prompt when the cell is chosen; a rule may doubt what is typed but never stops it."""
    checked(sheet.data_validation(row, column, row, column, {
        "validate": "any", "input_title": title, "input_message": text, "error_type": "information", **rule}))


# The sheets -------------------------------------------------------------------------------------------------------


def build() -> bytes:
    """Return the template workbook; two runs give the same bytes."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = Book(out)
        draw_front(book)
        draw_text(book)
        draw_goals(book)
        draw_lists(book)
        draw_record(book)
        book.file.close()
    data = out.getvalue()
    for number, rows in book.growing.items():
        data = let_rows_grow(data, f"xl/worksheets/sheet{number}.xml", rows)
    return reproducible(data, EPOCH, compress=False)  # no zlib in it, so the same on every machine


def draw_band(book: Book, sheet: Any, row: int, last: int, title: str, subtitle: str, size: int = 26) -> None:
    """Draw a sheet's title on a dark band across all its columns."""
    for number, text, points, height in ((row, title, size, size * 1.75), (row + 1, subtitle, 13, 30)):
        sheet.set_row(number, height)
        for column in range(last + 1):
            look = book.look(BAND, font_size=points, bold=number == row, valign="bottom" if number == row else "top",
                             font_color=WHITE if number == row else MIST)
            checked(sheet.write(number, column, text if column == 1 else "", look))


def draw_front(book: Book) -> None:
    """Draw Forside: the title, what the workbook is, and a field for every fact."""
    sheet = book.sheet(FORSIDE, NAVY, (3, 35, 56, 3))
    sheet.set_portrait()
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_row(0, 48)  # room for a logo
    draw_band(book, sheet, 1, 3, "Dialogbaseret aftale", "mellem enhed og forvaltning")
    row = 4
    checked(sheet.merge_range(row, 1, row, 2, WELCOME, book.look(BODY, font_color=MUTED)))
    sheet.set_row(row, text_height(WELCOME, 91))
    for heading, keys in GROUPS:
        row += 1
        sheet.set_row(row, 30)
        for column, text in ((1, heading), (2, "")):
            checked(sheet.write(row, column, text, book.look(HEADING)))
        for key in keys:
            row += 1
            draw_fact(book, sheet, row, key)
    sheet.activate()


def draw_fact(book: Book, sheet: Any, row: int, key: str) -> None:
    """Draw a fact's label and its named, empty field."""
    fact = FACT_BY_KEY[key]
    party = key in ("enhed", "afdeling", "aar")
    kind = {"date": DATE_FORMAT, "year": "@", "period": "@"}.get(fact.kind, "General")
    sheet.set_row(row, 27 if party else 23)
    checked(sheet.write(row, 1, fact.label, book.look(LABEL)))
    look = book.look(FIELD, num_format=kind, **({"bold": True, "font_size": 15, "font_color": NAVY} if party else {}))
    checked(sheet.write_blank(row, 2, None, look))
    book.name(fact.name, FORSIDE, row, 2)
    book.grow(sheet, row)
    rule: dict[str, Any] = {}
    if fact.kind == "date":
        rule = {"validate": "date", "criteria": ">", "value": EPOCH, "error_title": "Er det en dato?",
                "error_message": "Skriv datoen som dag, måned og år, så kan programmet bruge fristen."}
    advise(sheet, row, 2, fact.label.partition(",")[0], ADVICE[key], **rule)  # Excel has room for 32 characters
    if fact.required:
        empty_is_yellow(book, sheet, row, 2)


def empty_is_yellow(book: Book, sheet: Any, row: int, column: int) -> None:
    """Colour a field as long as nothing stands in it."""
    look = book.file.add_format({"bg_color": INPUT, "border": 1, "border_color": INPUT_LINE})
    checked(sheet.conditional_format(row, column, row, column, {"type": "blanks", "format": look}))


def draw_text(book: Book) -> None:
    """Draw Aftaletekst: what the agreement says in general, and two fields to write in."""
    width = 98
    sheet = book.sheet(AFTALETEKST, SEA, (3, width, 3))
    sheet.set_portrait()
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_row(0, 12)
    draw_band(book, sheet, 1, 2, "Aftalens tekst", "Det, der gælder for alle dialogbaserede aftaler", 22)
    row, of_kse = 3, []
    for paragraph in TEXT.strip().split("\n\n"):
        of_kse += [row] if "krav" in paragraph or paragraph.removeprefix("* ").startswith(tuple(Demand)) else []
        draw_paragraph(book, sheet, row, paragraph.replace("\n", " "), width)
        row += 1
    checked(book.file.define_name(KSE_TEXT, f"={AFTALETEKST}!$B${of_kse[0] + 1}:$B${of_kse[-1] + 1}"))
    for heading, advice, name in WRITTEN:
        draw_paragraph(book, sheet, row, f"# {heading}", width)
        checked(sheet.write_blank(row + 1, 1, None, book.look(WRITE)))
        sheet.set_row(row + 1, 84)
        advise(sheet, row + 1, 1, heading, advice)
        empty_is_yellow(book, sheet, row + 1, 1)
        book.name(name, AFTALETEKST, row + 1, 1)
        book.grow(sheet, row + 1)
        row += 2


def draw_paragraph(book: Book, sheet: Any, row: int, text: str, width: float) -> None:
    """Draw one heading (``# ``), point (``* Lead. text``) or paragraph, in a row tall enough for it."""
    if text.startswith("# "):
        checked(sheet.write(row, 1, text[2:], book.look(HEADING)))
        sheet.set_row(row, 29)
    elif text.startswith("* "):
        lead, _, rest = text[2:].partition(". ")
        checked(sheet.write_rich_string(row, 1, book.look(BODY), "•  ", book.look(BODY, bold=True, font_color=NAVY),
                                        f"{lead}. ", book.look(BODY), rest,
                                        book.look(BODY, valign="vcenter", indent=1)))
        sheet.set_row(row, text_height(text, width - 2) + 3)
    else:
        checked(sheet.write(row, 1, text, book.look(BODY, valign="vcenter")))
        sheet.set_row(row, text_height(text, width) + 6)


def draw_goals(book: Book) -> None:
    """Draw Mål: title, one line of guidance, the header row and the model row that every goal is laid out like."""
    columns = maal_columns(YEARS)
    sheet = book.sheet(MAAL, SEA, [column.width for column in columns])
    sheet.set_landscape()
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.6)
    header, last = 3, len(columns) - 1
    sheet.set_row(0, 36)
    sheet.set_row(1, 20)
    sheet.set_row(2, 6)
    sheet.set_row(header, 34)
    sheet.set_row(header + 1, 32)
    book.grow(sheet, header + 1)
    checked(sheet.write(0, 1, "Mål i udviklingsplanen", book.look(BASE, font_size=22, bold=True, font_color=NAVY,
                                                                  valign="vcenter")))
    checked(sheet.write(1, 1, INTRO, book.look(BASE, font_color=MUTED)))
    checked(sheet.add_table(header, 0, header + 1, last, {
        "name": "Maal", "style": "Table Style Light 1", "banded_rows": False,
        "columns": [{"header": column.header, "header_format": book.look(
            HEADER, align="center" if column.kind == "year" else "left")} for column in columns]}))
    for place, column in enumerate(columns):
        checked(sheet.write_blank(header + 1, place, None, model_look(book, column)))
        advise_goal(sheet, header + 1, place, column)
    colour_goals(book, sheet, header + 1, columns)
    sheet.freeze_panes(header + 1, 4)
    sheet.set_paper(8)  # A3: on A4 the texts of one page would be too small to read
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    # The lines of the rows are conditional, since Excel prints every row that has some of its own: these show on screen.
    sheet.hide_gridlines(1)


def model_look(book: Book, column: Column) -> Any:
    """Return how a column's cell in the model row looks."""
    looks: dict[str, Look] = {"year": {"align": "center", "bold": True, "font_color": NAVY},
                              "number": {"align": "right", "indent": 1}, "id": {"font_color": MUTED}}
    return book.look(MODEL, **({"bold": True} if column.key == "effect" else looks.get(column.kind, {})))


def advise_goal(sheet: Any, row: int, place: int, column: Column) -> None:
    """Give a cell of the model row its prompt and its dropdown, and the header above it what there is to say."""
    key = "year" if column.kind == "year" else column.key
    guide = GUIDE.get(key)
    if guide is None:
        return
    advise(sheet, row - 1, place, *guide)
    rule: dict[str, Any] = {}
    if column.key in DROPDOWNS:
        rule = {"validate": "list", "source": DROPDOWNS[column.key], "error_title": "Ikke på listen",
                "error_message": "Programmet kender kun ordene på listen. Vælg helst et af dem."}
    if key in PROMPTED:
        advise(sheet, row, place, *guide, **rule)
    elif rule:
        checked(sheet.data_validation(row, place, row, place, {"error_type": "information", **rule}))


def colour_goals(book: Book, sheet: Any, row: int, columns: tuple[Column, ...]) -> None:
    """Fill crossed years, shade rows that are a fokusområde, and dim the levels that repeat the row above."""
    years = [place for place, column in enumerate(columns) if column.kind == "year"]
    at = {column.key: xlsxwriter.utility.xl_col_to_name(place) for place, column in enumerate(columns)}
    last, this, above = len(columns) - 1, row + 1, row
    ruled: Look = {"border": 1, "border_color": LINE}
    crossed = book.file.add_format({"bg_color": MIST, "font_color": NAVY, **ruled})
    checked(sheet.conditional_format(row, years[0], row, years[-1], {"type": "no_blanks", "format": crossed}))
    new = f'${at["development"]}{this}<>"",${at["development"]}{this}<>${at["development"]}{above}'
    alone = f'${at["effect"]}{this}="",${at["focus"]}{this}&${at["development"]}{this}<>""'
    edge: Look = {**ruled, "top_color": NAVY}  # all sides, or LibreOffice drops the others
    filled = f'COUNTA(${at["id"]}{this}:${xlsxwriter.utility.xl_col_to_name(last)}{this})>0'
    for criteria, look in ((f"{new},{alone}", {"bg_color": PAPER, **edge}), (new, edge),
                           (alone, {"bg_color": PAPER, **ruled}), (filled, ruled)):
        checked(sheet.conditional_format(row, 0, row, last, {"type": "formula", "criteria": f"=AND({criteria})",
                                                             "format": book.file.add_format(look)}))
    bold, dimmed = book.file.add_format({"bold": True}), book.file.add_format({"font_color": MUTED})
    for place, column in enumerate(columns[:4]):
        same = f'=AND(${at[column.key]}{this}<>"",${at[column.key]}{this}=${at[column.key]}{above})'
        if column.key == "focus":
            checked(sheet.conditional_format(row, place, row, place, {"type": "formula", "criteria": f"=AND({alone})",
                                                                      "format": bold}))
        if column.key != "id":
            checked(sheet.conditional_format(row, place, row, place, {"type": "formula", "criteria": same,
                                                                      "format": dimmed}))


def draw_lists(book: Book) -> None:
    """Draw the hidden lists that the dropdowns show, each with its name."""
    sheet = book.sheet(LISTER, MUTED, (24, 16, 18, 24))
    for place, (header, name, choices) in enumerate(LISTS):
        checked(sheet.write(0, place, header, book.look(BASE, bold=True)))
        for row, choice in enumerate(choices, 1):
            checked(sheet.write(row, place, str(choice), book.look(BASE)))
        letter = xlsxwriter.utility.xl_col_to_name(place)
        checked(book.file.define_name(name, f"={LISTER}!${letter}$2:${letter}${len(choices) + 1}"))
    sheet.hide()


def draw_record(book: Book) -> None:
    """Draw the hidden ``_aftale`` with the template's edition."""
    sheet = book.sheet(RECORD, MUTED, (14, 14, 14, 10, 40))
    rows = (tuple(column.header for column in RECORD_COLUMNS), ("skabelon", "udgave", "nummer", "tekst", EDITION))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            checked(sheet.write_string(row, column, text, book.look(BASE, num_format="@", bold=row == 0)))
    sheet.hide()


def main() -> None:
    """Write the template to the file that was asked for."""
    parser = argparse.ArgumentParser(description="Byg skabelonen til den dialogbaserede aftale.")
    parser.add_argument("--ud", type=Path, default=OUTPUT, help="filen, der skal laves")
    target: Path = parser.parse_args().ud
    target.write_bytes(build())
    print(f"Skabelonen er gemt: {target}")


if __name__ == "__main__":
    main()
