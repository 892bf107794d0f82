"""What people do in a skema, and what becomes of it: one catalogue, from which ``docs/vaner.md`` is written.

    python docs/habits.py

Someone who can't program can proofread this file. Every habit has one of three ends (`End`); where something can mean two
things it is asked about, and nothing that was written is lost: what is no answer stands on ``Kontrol``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class End(Enum):
    """What becomes of what somebody wrote; the value is how a reader is told."""

    READ = "Læses"
    TOLD = "Læses og noteres"
    ASKED = "Der spørges"


@dataclass(frozen=True)
class Habit:
    """A habit: its key in the tests, what somebody does, an example, its end, what happens then, and by what.

    ``by`` are the rule of the reading in the ledger, or the codes in `model.problems.CATALOGUE` that are raised.
    """

    key: str
    does: str
    example: str
    end: End
    then: str
    by: tuple[str, ...] = ()


_R, _T, _A = End.READ, End.TOLD, End.ASKED

HABITS: dict[str, tuple[Habit, ...]] = {
    "Arket og tabellen": (
        Habit("sheet-renamed", "kalder arket noget andet", "`Svar fra Ledelsen`", _R, "Arket kendes på sit indhold."),
        Habit("sheet-moved", "flytter arkene rundt eller skjuler dem", "", _R, "Rækkefølgen er lige meget."),
        Habit("sheet-copied", "kopierer arket, så de samme svar står to gange", "`Skema (2)`", _T,
              "Svarene læses én gang; kopien står på Kontrol."),
        Habit("sheet-copied-filled", "udfylder kopien og lader det udsendte ark stå tomt", "`Skema (2)`", _T,
              "Svarene læses i kopien.", ("table-elsewhere",)),
        Habit("sheet-copied-differs", "svarer forskelligt på arket og på en kopi af det", "3 på det ene, 4 på det andet", _A,
              "Det udsendte ark læses, og der spørges til kopien.", ("second-table",)),
        Habit("sheet-alone", "flytter arket over i en anden Excel-fil", "Mappe1.xlsx", _T,
              "Skemaet kendes på sit Skema-id, og koordinatoren bedes kontrollere svarene.", ("record-lost",)),
        Habit("sheet-added", "lægger egne ark i skemaet", "`Mine tal`", _T, "De står på Kontrol som ekstra ark."),
        Habit("sheet-added-big", "lægger et meget stort ark i skemaet", "5.000 rækker fra et andet system", _T,
              "Rækkerne samles i få linjer på Kontrol, hver med antallet af celler."),
        Habit("form-added", "lægger en kollegas skema i den samme Excel-fil", "to faner med hver sit skema", _A,
              "Det skema, filen er sendt som, læses, og der spørges til det andet.", ("second-table",)),
        Habit("table-below", "kopierer hele tabellen ned under den", "som værdier", _T,
              "De samme svar læses én gang; den gentagne overskrift står på Kontrol."),
        Habit("table-beside", "kopierer hele tabellen ind ved siden af den", "som værdier", _T,
              "Den første læses; den anden står på Kontrol."),
        Habit("table-beside-differs", "svarer forskelligt i to tabeller på samme ark", "3 i den ene, 4 i den anden", _A,
              "Den første læses, og der spørges til den anden.", ("second-table",)),
        Habit("table-beside-filled", "udfylder kun kopien af tabellen på samme ark", "den udsendte tabel er tom", _T,
              "Svarene læses i kopien.", ("table-elsewhere",)),
        Habit("table-below-shifted", "kopierer tabellen ned under den i andre kolonner og retter i den", "", _A,
              "Den første læses, og der spørges til den anden.", ("second-table",)),
        Habit("header-repeated", "gentager overskrifterne nede i tabellen", "for at kunne se dem", _T,
              "Rækkerne læses; den ekstra overskrift står på Kontrol."),
        Habit("remark-beside", "skriver ved siden af tabellen", "Ring gerne", _T, "Det står på Kontrol som løs bemærkning."),
    ),
    "Rækkerne": (
        Habit("rows-inserted", "indsætter rækker over, i eller under tabellen", "", _R, "Målene kendes på Mål-id."),
        Habit("rows-blank", "lader tomme rækker stå mellem målene", "", _R, "De springes over."),
        Habit("rows-sorted", "sorterer rækkerne", "efter Status", _R, "Rækkefølgen er lige meget."),
        Habit("rows-hidden", "filtrerer eller skjuler rækker og kolonner", "", _R, "Det skjulte læses også."),
        Habit("row-deleted", "sletter et måls række", "", _A, "Der spørges til målet.", ("row-missing",)),
        Habit("row-copied", "kopierer et måls række", "de samme svar to gange", _R, "Ens svar tæller som ét."),
        Habit("row-copied-differs", "kopierer et måls række og svarer forskelligt", "3 og 5", _A,
              "Begge svar står på Modstridende svar.", ("twice-in-form",)),
        Habit("row-by-hand", "skriver Mål-id og svar i de tomme rækker under tabellen", "M2.2.5", _R,
              "Det læses som en række til om det samme mål."),
        Habit("row-proposed", "skriver et forslag under tabellen", "En fast torvedag", _A,
              "Forslaget står på Kontrol.", ("new-goal",)),
        Habit("rows-pasted", "indsætter hundredvis af rækker under tabellen", "et udtræk", _A,
              "De samles i få linjer på Kontrol, og der spørges én gang.", ("row-no-goal",)),
    ),
    "Mål-id og det aftalte": (
        Habit("id-respelt", "skriver Mål-id på en anden måde", "`m2.2.5 `, `M 2,2,5`, `2.2.5`", _T,
              "Rækken læses som målets.", ("id-spelling",)),
        Habit("id-deleted", "sletter et Mål-id", "", _T, "Rækken kendes på sin aftalte tekst.", ("id-by-text",)),
        Habit("id-column-deleted", "sletter hele kolonnen Mål-id", "", _T, "Rækkerne kendes på deres aftalte tekst.",
              ("id-by-text",)),
        Habit("ids-swapped", "bytter om på to Mål-id eller sorterer dem for sig", "", _A,
              "Rækkerne læses ikke, for det kan være begge mål.", ("id-and-text",)),
        Habit("id-unknown", "skriver et Mål-id, som ikke er i skemaet", "M9.9.9", _A,
              "Rækken læses ikke. Passer teksten på et mål, står det i spørgsmålet.", ("unknown-goal",)),
        Habit("sealed-changed", "låser arket op og retter i det aftalte", "`arrangementer` i Måleenhed", _A,
              "Aftalen rettes ikke; ændringen står på Kontrol som et forslag.", ("proposed-change",)),
        Habit("sealed-deleted", "sletter en låst kolonne", "Fokusområde", _R, "Det aftalte kendes i forvejen."),
        Habit("sealed-merged", "fletter ens celler i en låst kolonne", "Udviklingsmål", _R,
              "Indholdet er det samme."),
    ),
    "Kolonner og overskrifter": (
        Habit("column-inserted", "indsætter en kolonne med egne oplysninger", "Drøftet", _T,
              "Den står på Kontrol som ekstra kolonne."),
        Habit("column-moved", "flytter rundt på kolonnerne", "Status før Resultat", _R, "De kendes på deres overskrift."),
        Habit("column-deleted", "sletter en svarkolonne", "Næste skridt", _A, "Der spørges, om der var svar i den.",
              ("column-missing",)),
        Habit("column-twice", "har den samme kolonne to gange", "Resultat", _A, "Den første læses, og der spørges til den"
              " anden.", ("column-twice",)),
        Habit("header-case", "bruger linjeskift, mellemrum eller store bogstaver i en overskrift", "`RESULTAT`", _R,
              "Det er den samme overskrift."),
        Habit("header-word", "giver en overskrift en anden ordlyd",
              "`Resultat (tal)`, `Status*`, `Resultat 2015`, `Bemærkn.`, `Kommentar`", _T,
              "Kolonnen læses, når det er sikkert, hvilken det er.", ("header-word",)),
        Habit("header-near", "staver en overskrift forkert", "`Resulat`", _T,
              "Kolonnen læses, når den kun ligner én, der mangler.", ("header-near",)),
        Habit("header-unlike", "giver en kolonne en helt anden overskrift", "`Målt resultat`, `Resultat 2014`", _A,
              "Der spørges: »Der er en kolonne ‘Målt resultat’: Mente du den?«", ("column-missing",)),
        Habit("header-deleted", "sletter en overskrift", "feltet over tallene er tomt", _A,
              "Der spørges: »Kolonne L har ingen overskrift: Mente du den?«", ("column-missing",)),
        Habit("header-merged-rows", "fletter en overskrifts celler over to rækker", "", _T,
              "Kolonnen læses; overskriften står bare en række for højt.", ("header-row",)),
        Habit("header-merged-columns", "fletter en overskrifts celler over to kolonner", "svaret står i den anden", _A,
              "Den første kolonne læses, og der spørges til svaret i den anden.", ("answer-misplaced",)),
    ),
    "Svar, der står et andet sted": (
        Habit("answers-merged", "fletter et svars celler over flere mål", "ét Opfyldt for tre mål", _A,
              "Det læses for det første mål, og der spørges til de andre.", ("merged-answers",)),
        Habit("note-answer", "skriver svaret i en note på feltet", "note: Opfyldt", _A,
              "Der spørges, om noten er svaret.", ("answer-in-note",)),
        Habit("thread-answer", "svarer i en kommentartråd på feltet", "tråd: Vi er færdige", _A,
              "Der spørges, om kommentaren er svaret.", ("answer-in-note",)),
        Habit("note", "skriver en note på et felt, der er udfyldt", "Er talt op igen", _T, "Noten står på Kontrol."),
        Habit("picture", "indsætter et billede af svarene", "et skærmklip", _A, "Billeder kan ikke læses.",
              ("drawing-in-form",)),
        Habit("text-box", "skriver i en tekstboks oven på arket", "", _A,
              "Teksten står på Kontrol, og der spørges, om den er et svar.", ("drawing-in-form",)),
        Habit("number-in-status", "skriver et tal under Status", "3", _A,
              "Der spørges: »Det ligner et resultat. Skulle det stå i ‘Resultat’?«", ("status-unknown",)),
        Habit("status-in-result", "skriver en status under Resultat", "Opfyldt", _A,
              "Der spørges, om den skulle stå under Status.", ("number-unreadable",)),
        Habit("status-in-remarks", "skriver kun status under Bemærkninger", "Opfyldt", _A,
              "Det står som bemærkning, og der spørges, om det skulle stå under Status.", ("answer-misplaced",)),
        Habit("text-in-result", "skriver en lang tekst under Resultat", "Vi har holdt mange gode arrangementer i år", _A,
              "Der spørges, om den skulle stå under Bemærkninger.", ("number-unreadable",)),
        Habit("date-in-result", "skriver en dato under Resultat", "31-10-2015", _A,
              "Der spørges, om den skulle stå under Opgjort pr.", ("number-ambiguous",)),
        Habit("date-in-status", "skriver en dato under Status", "31-10-2015", _A,
              "Der spørges, om den skulle stå under Opgjort pr.", ("status-unknown",)),
        Habit("shifted-right", "skriver alle svar en kolonne for langt til højre", "", _A,
              "Der spørges til hvert svar; intet flyttes.", ("number-unreadable", "date-unreadable", "answer-misplaced")),
        Habit("shifted-left", "skriver alle svar en kolonne for langt til venstre", "", _A,
              "Der spørges til hvert svar; intet flyttes.", ("proposed-change", "status-unknown", "number-ambiguous",
                                                              "date-unreadable")),
    ),
    "Felterne": (
        Habit("cell-blank", "sætter mellemrum i et felt", "", _R, "Feltet er tomt."),
        Habit("cell-invisible", "får usynlige tegn med, når noget kopieres ind", "et mellemrum uden bredde", _T,
              "Feltet er tomt; Kontrol nævner tegnene."),
        Habit("cell-error", "efterlader en fejlværdi", "`#DIV/0!`", _A, "Der spørges, hvad der skulle have stået.",
              ("cell-error",)),
        Habit("cell-formula", "regner med en formel", "`=1+2`", _R, "Resultatet læses."),
        Habit("cell-formula-empty", "har en formel, der ikke er regnet ud", "`=1+2`", _A,
              "Skemaet skal åbnes og gemmes i Excel.", ("cell-formula",)),
        Habit("cell-text-number", "skriver et tal som tekst", "`'1200`", _R, "Det er det samme tal."),
        Habit("cell-link", "sætter et link på teksten", "https://bibliotek.example.dk", _T,
              "Teksten læses, og Kontrol viser adressen."),
        Habit("cell-struck", "streger et svar over", "~~12~~", _A, "Der spørges, om svaret gælder.", ("cell-struck",)),
        Habit("cell-struck-part", "streger noget af et svar over", "~~Delvist opfyldt~~ Opfyldt", _A, "Mente du Opfyldt?",
              ("cell-struck",)),
        Habit("remark-struck", "streger noget af en bemærkning over", "~~Vi når det ikke.~~ Vi nåede det.", _A,
              "Hele teksten læses, og der spørges.", ("remark-struck",)),
        Habit("cell-rich", "bruger fed og farver i teksten", "Vi **nåede** det", _R, "Teksten læses."),
    ),
    "Tal": (
        Habit("number-comma", "bruger decimalkomma i en tekst", "`5,4`", _T, "5,4", ("decimal-comma",)),
        Habit("number-point", "bruger punktum som decimaltegn", "`1.5`", _T, "1,5", ("decimal-point",)),
        Habit("number-thousands", "bruger punktum ved tusinder", "`1.200`", _T, "1200", ("thousands-dot",)),
        Habit("number-danish", "skriver tallet helt ud på dansk", "`1.234,56`", _T, "1234,56", ("thousands-dot",)),
        Habit("number-space", "bruger mellemrum ved tusinder", "`1 000`", _T, "1000", ("thousands-space",)),
        Habit("number-english", "skriver tallet på engelsk", "`1,234.56`", _T, "1234,56", ("english-number",)),
        Habit("number-unclear", "skriver et tal, der kan læses på to måder", "`1,200`", _A, "1,2 eller 1200?",
              ("number-ambiguous",)),
        Habit("number-zeros", "skriver nuller foran", "`001`", _T, "1", ("number-text",)),
        Habit("number-unit", "skriver enheden med", "`3 events`, `5,9 point`, `20 stk.`", _T, "3", ("number-unit",)),
        Habit("number-other-unit", "skriver en anden enhed", "`100 kr`", _A, "Der spørges til enheden.",
              ("number-ambiguous",)),
        Habit("number-word", "skriver tallet med bogstaver", "`tre`", _T, "3", ("number-word",)),
        Habit("number-about", "skriver omtrent", "`ca. 20`", _A, "Mente du 20?", ("number-ambiguous",)),
        Habit("number-range", "skriver et interval", "`20-25`", _A, "Mente du 20 eller 25?", ("number-ambiguous",)),
        Habit("number-of", "skriver en del af noget", "`20 ud af 30`, `1/3`", _A, "Mente du 20 eller 30?",
              ("number-ambiguous",)),
        Habit("number-date", "får tallet lavet om til en dato af Excel", "`1-3` bliver 1. marts", _A, "Mente du 1,3 eller"
              " 1-3?", ("number-ambiguous",)),
        Habit("number-yes", "svarer med ord", "`ja`", _A, "Der spørges om tallet.", ("number-unreadable",)),
        Habit("number-none", "skriver, at der ikke er noget tal", "`-`, `n/a`, `?`", _A, "Der spørges; feltet må gerne stå"
              " tomt.", ("number-unreadable",)),
    ),
    "Procenter": (
        Habit("percent-typed", "skriver procent i et mål, der opgøres i %", "50 %", _R, "50 %"),
        Habit("percent-text", "skriver procenten som tekst", "`50 %`, `50 pct.`", _T, "50 %", ("percent-text",)),
        Habit("percent-points", "skriver tallet uden procenttegn, hvor feltet har mistet sit format", "50", _T, "50 %",
              ("percent-points",)),
        Habit("percent-share", "skriver en andel, hvor feltet har mistet sit format", "0,5", _T, "50 %",
              ("percent-share",)),
        Habit("percent-unclear", "skriver et lille tal, hvor feltet har mistet sit format", "3", _A, "3 % eller 300 %?",
              ("percent-ambiguous",)),
        Habit("percent-for-level", "skriver en procent for et vækstmål, hvor niveauet skal stå", "5 %", _A,
              "Der spørges om selve tallet.", ("number-ambiguous",)),
    ),
    "Datoer": (
        Habit("date-text", "skriver datoen som tekst",
              "`31-10-2015`, `31.10.2015`, `31/10/2015`, `31. oktober 2015`, `d. 31/10 2015`", _T, "31-10-2015",
              ("date-text",)),
        Habit("date-iso", "skriver år, måned og dag", "`2015-10-31`", _R, "31-10-2015"),
        Habit("date-short", "skriver året med to cifre", "`31-10-15`", _T, "31-10-2015", ("date-short-year",)),
        Habit("date-no-year", "udelader året", "`31/10`, `31. oktober`", _T, "31-10-2015", ("date-no-year",)),
        Habit("date-serial", "har et dagnummer i stedet for en dato", "42308", _T, "31-10-2015", ("date-serial",)),
        Habit("date-vague", "skriver en periode", "`oktober`, `uge 44`, `efteråret`, `2015`", _A,
              "Der spørges til datoen.", ("date-ambiguous",)),
        Habit("date-swapped", "skriver måneden før dagen", "`10/31/2015`", _A, "Mente du 31. oktober 2015?",
              ("date-unreadable",)),
        Habit("date-none", "skriver noget, der ikke er en dato", "`løbende`, `-`", _A, "Der spørges til datoen.",
              ("date-unreadable",)),
    ),
    "Statusser": (
        Habit("status-case", "skriver en status med andre bogstaver og mellemrum", "`OPFYLDT `", _T, "Opfyldt",
              ("status-spelling",)),
        Habit("status-word", "bruger et andet ord med samme betydning", "`nået`, `ikke startet`, `udgår`", _T, "Opfyldt",
              ("status-word",)),
        Habit("status-near", "staver en status forkert", "`opfylt`", _T, "Opfyldt", ("status-near",)),
        Habit("status-unclear", "bruger et ord, der kan være flere statusser", "`i gang`, `OK`, `gul`, `ja`, `100 %`", _A,
              "Mente du »Forventes opfyldt« eller »Delvist opfyldt«?", ("status-ambiguous",)),
        Habit("status-unknown", "bruger et ord, der ingen status er", "`-`, `n/a`, `?`, `blandet`", _A,
              "Der spørges om statussen.", ("status-unknown",)),
    ),
}


def page() -> str:
    """Return ``docs/vaner.md``: a table for every group of habits."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Hvad sker der, når nogen …?"
    yield ""
    yield "Kolleger udfylder skemaer, som de plejer at bruge Excel. Her står, hvad der bliver af det. Der er tre muligheder:"
    yield ""
    yield "- **Læses:** Svaret står i opfølgningen, som det er skrevet."
    yield "- **Læses og noteres:** Svaret står i opfølgningen, og `Kontrol` viser, hvad der stod, hvordan det er læst, og"
    yield "  hvad der ellers var skrevet."
    yield "- **Der spørges:** Det kan betyde flere ting. Det står på arket `Kontrol` som et spørgsmål med fil og celle, og"
    yield "  `aftale indlaes --retur` sender det tilbage til kollegaen. De andre svar i skemaet læses som normalt."
    yield ""
    yield "Intet bliver gættet, og intet går tabt: Alt, hvad der er skrevet, står på `Opfølgning`, på `Modstridende svar`"
    yield "eller på `Kontrol`."
    for group, habits in HABITS.items():
        yield from ("", f"## {group}", "", "| Når nogen … | Eksempel | Svaret | Så |", "|---|---|---|---|")
        for habit in habits:
            yield f"| {habit.does} | {habit.example} | {habit.end.value} | {habit.then} |"


if __name__ == "__main__":
    Path(__file__).with_name("vaner.md").write_text(page(), encoding="utf-8")
