"""Everything that can be wrong or doubtful in people's files: one catalogue of codes, texts and what to do.

Someone who can't program can proofread this file. ``{…}`` is filled in where the problem is found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from aftale.model.place import Place


class Severity(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    QUESTION = "question"
    INFO = "info"

    @property
    def danish(self) -> str:
        """The level as people read it."""
        return {"error": "Fejl", "question": "Spørgsmål", "info": "Oplysning"}[self.value]


@dataclass(frozen=True, slots=True)
class Problem:
    """What was found in somebody's file: where it stands, what stands there, and what to do about it.

    ``code`` is that of the catalogue, '' where there is nothing to ask or tell but that it stands there. ``kind`` says what
    holds it: an answer that can't be read, a remark beside the answers, a note … (see `control_lines.KINDS`), or `READ`
    for a cell that isn't read literally, whose ``text`` was read as ``read`` by ``rule``; it is '' where no text is kept.
    ``column`` is the key of the column where it stands in a goal's own cell, and ``cells`` how many cells it is the home of.
    """

    code: str
    level: Severity
    place: Place
    message: str = ""
    advice: str = ""
    text: str = ""
    goal: str = ""
    kind: str = ""
    column: str = ""
    read: str = ""
    rule: str = ""
    cells: int = 0

    def keeping(self, kind: str, cells: int = 1, column: str = "") -> Problem:
        """Return the same problem as the home of so many cells, whose text it has."""
        return replace(self, kind=kind, cells=cells, column=column)

    def at(self, place: Place) -> Problem:
        """Return the same problem at another place."""
        return replace(self, place=place)


_NOWHERE = Place()
_E, _Q, _I = Severity.ERROR, Severity.QUESTION, Severity.INFO

READ = "reading"
"""The kind of a cell that isn't read literally."""


def kept(kind: str, text: str, place: Place, cells: int = 1, goal: str = "", column: str = "") -> Problem:
    """Return what somebody wrote that nothing is asked about: it is told where it stands."""
    return Problem("", Severity.INFO, place, text=text, goal=goal, kind=kind, column=column, cells=cells)


def reading(place: Place, text: str, read: str, rule: str, goal: str = "", column: str = "") -> Problem:
    """Return how a cell was read that doesn't say it literally."""
    return Problem("", Severity.INFO, place, text=text, goal=goal, kind=READ, column=column, read=read, rule=rule)


CATALOGUE: dict[str, tuple[Severity, str, str]] = {
    # Files
    "newer-format": (_E, "Filen er lavet med en nyere udgave af aftale og kan ikke læses af denne.",
                     "Installér den nyeste udgave af aftale, og kør kommandoen igen. Filen er ikke rørt."),
    "file-missing": (_E, "Filen eller mappen findes ikke: {name}.", "Kontrollér navnet, og kør kommandoen igen."),
    "file-unreadable": (_E, "Filen kan ikke læses som regneark ({why}).",
                        "Åbn den i Excel, gem den som .xlsx, og kør kommandoen igen – eller bed om den på ny."),
    "file-empty": (_E, "Filen er tom{why}.",
                   "Den er nok gået tabt undervejs. Bed afsenderen om at sende den igen."),
    "file-truncated": (_E, "Filen er ikke hel: slutningen mangler, så den kan ikke læses.",
                       "Overførslen er nok blevet afbrudt. Hent filen igen, eller bed afsenderen om at sende den igen."),
    "file-other": (_E, "Filen er ikke læst: den er {what}, selv om navnet siger noget andet.",
                   "Bed afsenderen om at skrive svarene i det skema, der blev sendt."),
    "file-export": (_E, "Filen er ikke læst: den er {what}, selv om navnet siger Excel.",
                    "Åbn den i Excel, gem den som «Excel-projektmappe (.xlsx)», og kør kommandoen igen."),
    "file-old": (_E, "Filen er ikke læst: den er gemt som {what}.",
                 "Bed afsenderen om at gemme den som «Excel-projektmappe (.xlsx)» og sende den igen."),
    "file-shortcut": (_E, "Filen er kun en genvej ({what}); selve regnearket er ikke med.",
                      "Bed afsenderen om at hente regnearket som .xlsx og sende selve filen."),
    "file-labelled": (_E, "Filen er krypteret af en følsomhedsmærkat, så kun udvalgte personer kan åbne den.",
                      "Bed afsenderen om at fjerne mærkatens kryptering eller gemme en kopi uden den og sende den igen."),
    "file-damaged": (_E, "Filen er beskadiget: {what} kan ikke læses.",
                     "Åbn den i Excel, og lad Excel reparere den; gem den så som .xlsx. Ellers bed om den på ny."),
    "part-missing": (_E, "Filen er ikke hel: {what} mangler i den.",
                     "Åbn den i Excel, og lad Excel reparere den; gem den så som .xlsx. Ellers bed om den på ny."),
    "file-bomb": (_E, "Filen er ikke læst: den er lille, men ville fylde mange hundrede gange så meget, når den pakkes ud.",
                  "Sådan er almindelige regneark ikke. Spørg afsenderen, før nogen åbner den, og bed om skemaet på ny."),
    "package-odd": (_E, "Filen er ikke læst: den er pakket på en måde, som regneark aldrig er ({why}).",
                    "Spørg afsenderen, hvor filen kommer fra, før nogen åbner den, og bed om skemaet på ny."),
    "file-entities": (_E, "Filen er ikke læst: den indeholder koder (DOCTYPE), som ikke hører hjemme i regneark.",
                      "Spørg afsenderen, hvor filen kommer fra, før nogen åbner den, og bed om skemaet på ny."),
    "text-too-long": (_E, "Filen er ikke læst: den indeholder en tekst på over en million tegn.",
                      "En celle kan rumme 32.767 tegn. Bed afsenderen om at skrive svarene i det skema, der blev sendt."),
    "too-many-cells": (_E, "Filen er ikke læst: der er {value} udfyldte celler på ét ark, og et skema har nogle hundrede.",
                       "Er der et svar i den, så bed afsenderen om at kopiere det over i det skema, der blev sendt."),
    "cell-invalid": (_E, "Filen er ikke læst: den angiver en celle, der ikke findes («{value}»).",
                     "Åbn den i Excel, og lad Excel reparere den; gem den så som .xlsx. Ellers bed om den på ny."),
    "file-too-big": (_E, "Filen fylder alt for meget, når den pakkes ud, og er ikke læst.",
                     "Bed afsenderen om at kopiere svarene over i det skema, der blev sendt, og sende det igen."),
    "cell-far-away": (_E, "Filen er ikke læst: der står noget helt ude i celle {value}.",
                      "Slet det, der står langt fra tabellen, gem filen, og kør kommandoen igen."),
    "file-kind": (_Q, "Filen er ikke et regneark.",
                  "Åbn den, og se, om den er et svar; bed i så fald om svaret i skemaet."),
    "file-locked": (_E, "Filen er beskyttet med en adgangskode.",
                    "Bed afsenderen om at fjerne adgangskoden og gemme den igen."),
    "file-busy": (_E, "Filen kan ikke åbnes lige nu ({why}).", "Luk den i Excel, og kør kommandoen igen."),
    "file-too-slow": (_E, "Filen tager for lang tid at læse og er sprunget over.",
                      "Bed afsenderen om at kopiere svarene over i det skema, der blev sendt, og sende det igen."),
    "file-crashes": (_E, "Filen fik læsningen til at gå i stå og er sprunget over; den er beskadiget eller meget stor.",
                     "Åbn den i Excel, gem den som .xlsx, og kør kommandoen igen – eller bed om den på ny."),
    "sync-conflict": (_I, "Filen er en konfliktkopi, som {value} har lavet: to har gemt på samme tid.",
                      "Den er læst på lige fod med den anden. Kontrollér, at det er de rigtige svar, der er kommet med."),
    "open-elsewhere": (_I, "Filen er åben i et program lige nu; det, der ikke er gemt, er ikke med.",
                       "Gem og luk filen dér, hvor den er åben, og kør kommandoen igen."),
    "folder-closed": (_E, "Mappen kan ikke åbnes ({why}), så det, der ligger i den, er ikke læst.",
                      "Få adgang til mappen, eller flyt filerne ud af den, og kør kommandoen igen."),
    "zip-empty": (_Q, "Der ligger ingen svar i arkivet.", "Bed afsenderen om at sende skemaerne igen."),
    "mail-says-more": (_Q, "Der står noget i mailen fra {value}, men skemaet i den er ikke udfyldt.",
                       "Læs teksten på «Kontrol», og skriv svaret i skemaet eller i «Opfølgning»."),
    "zip-unreadable": (_E, "Arkivet kan ikke pakkes ud ({why}).",
                       "Bed afsenderen om at sende skemaerne igen, gerne uden at pakke dem."),
    "zip-member-unreadable": (_E, "Filen er beskadiget inde i arkivet og kan ikke pakkes ud.",
                              "Bed afsenderen om at sende den igen. Resten af arkivet er læst."),
    "zip-encrypted": (_E, "Filen er låst med en adgangskode inde i arkivet.",
                      "Pak arkivet ud med adgangskoden, læg filen i mappen, og kør kommandoen igen."),
    "zip-method": (_E, "Filen er pakket på en måde i arkivet, som ikke kan læses her.",
                   "Pak arkivet ud i Stifinder, læg filen i mappen, og kør kommandoen igen."),
    "zip-file-too-big": (_E, "Filen fylder alt for meget, når den pakkes ud af arkivet, og er ikke læst.",
                         "Åbn den kun, hvis du stoler på afsenderen, og bed om svarene i det skema, der blev sendt."),
    "zip-too-big": (_E, "Filen fylder alt for meget, når den pakkes ud; {value} af filerne i den er ikke læst.",
                    "Åbn den kun, hvis du stoler på afsenderen, og læg selv skemaerne i mappen."),
    "zip-too-many": (_E, "Der ligger mere end {value} filer i arkivet, så det er ikke læst.",
                     "Pak det ud, læg kun skemaerne i mappen, og kør kommandoen igen."),
    "zip-too-deep": (_E, "Der ligger for mange arkiver og mails inden i hinanden, så denne er ikke åbnet.",
                     "Pak den ud, læg skemaerne i mappen, og kør kommandoen igen."),
    "mail-unreadable": (_E, "Mailen kan ikke læses ({why}).",
                        "Åbn den i Outlook, gem det vedhæftede skema i mappen, og kør kommandoen igen."),
    "mail-tnef": (_E, "Det vedhæftede er pakket i «winmail.dat», som kun Outlook kan åbne.",
                  "Åbn mailen i Outlook, gem skemaet i mappen, og kør kommandoen igen."),
    "mail-encrypted": (_E, "Mailen er krypteret, så det vedhæftede kan ikke læses.",
                       "Åbn den i Outlook, gem skemaet i mappen, og kør kommandoen igen."),
    "mail-text-unreadable": (_Q, "Mailens tekst er gemt på en måde, som kun Outlook kan læse; det vedhæftede er læst.",
                             "Åbn mailen i Outlook, og se, om der står noget, der skal med."),
    "mail-auto-reply": (_I, "Mailen er et automatisk svar og tæller ikke som svar på skemaet.",
                        "Læs den: måske skal skemaet sendes til en anden."),
    "not-ours": (_E, "Filen er ikke et skema, der er lavet med «aftale».",
                 "Er det et svar, så bed afsenderen om at skrive det i det skema, der blev sendt. Ellers kan filen"
                 " flyttes ud af mappen."),
    "not-followup": (_E, "Filen er ikke en opfølgning, der er lavet med «aftale».",
                     "Skriv stien til en opfølgning efter --tidligere."),
    "books-unbalanced": (_E, "Regnskabet over celler stemmer ikke: {value}", "Behold svarfilerne, og meld det som en fejl."),
    "earlier-other": (_E, "Opfølgningen er fra {what} og er ikke brugt.",
                      "Skriv stien til en opfølgning for {expected} efter --tidligere."),
    "earlier-folder": (_E, "{name} er en mappe og er ikke brugt.", "Skriv stien til selve opfølgningen efter --tidligere."),
    "earlier-not": (_Q, "Opfølgningen er fra {what} og altså ikke tidligere end {expected}. Kun det, den husker fra før, er"
                    " brugt.", "Skriv stien til en tidligere opfølgning efter --tidligere."),
    "owner-gone": (_Q, "Skemaet er sendt til {owner}, som ikke længere er ansvarlig i aftalen.",
                   "Svarene er flettet. Afklar, hvem der nu svarer for målene."),
    "answered-by-mail": (_Q, "{owner} har skrevet en mail uden skema.",
                         "Læs svaret på «Kontrol», og skriv det i skemaet eller i «Opfølgning»."),
    "mail-from-unknown": (_Q, "Der er kommet en mail uden skema fra {value}, som ikke har et skema i runden.",
                          "Læs den på «Kontrol». Er den et svar, så skriv det i skemaet eller i «Opfølgning»; ret ellers"
                          " adressen i aftalens kolonne E-mail, eller flyt mailen ud af mappen."),
    "other-kind": (_I, "Filen er {what} og ikke et udfyldt skema.", "Den er sprunget over; der skal ikke gøres noget."),
    "other-agreement": (_E, "Skemaet hører til en anden aftale ({what}).",
                        "Flyt filen til den mappe, den hører til."),
    "other-year": (_E, "Skemaet er fra {year}, men aftalen gælder {expected}.",
                   "Bed {owner} om at udfylde skemaet for {expected}."),
    "other-round": (_E, "Skemaet er fra {round}en, men opfølgningen gælder {expected}.",
                    "Flet hver runde for sig, eller bed {owner} om at udfylde det rigtige skema."),
    "older-template": (_I, "Skemaet er lavet efter en ældre skabelon (udgave {was}, nu {now}).",
                       "Svarene er læst på normal vis; der skal ikke gøres noget."),
    "agreement-changed": (_I, "Aftalen er ændret, siden skemaet blev sendt ud.",
                          "Svarene er læst efter det, der blev sendt. Kør «aftale fordel», hvis mål er kommet til."),
    "record-lost": (_Q, "Det skjulte ark «_aftale» mangler; skemaet er genkendt på sit skema-id.",
                    "Kontrollér svarene fra {owner} en ekstra gang."),
    "record-changed": (_Q, "Skemaets skjulte ark «_aftale» er ændret, siden det blev sendt.",
                       "Kontrollér svarene fra {owner} en ekstra gang, eller bed om skemaet på ny."),
    "no-table": (_E, "Skemaets tabel kan ikke findes: overskrifterne mangler.",
                 "Bed {owner} om at indsætte svarene i det skema, der blev sendt."),
    "column-missing": (_Q, "Kolonnen «{column}» mangler i skemaet. {hint}",
                       "Spørg {owner}, om der var svar i den, og bed om skemaet på ny."),
    "column-twice": (_Q, "Kolonnen «{column}» står to gange; den første er læst.",
                     "Spørg {owner}, hvilken der gælder. Den anden står på «Kontrol»."),
    "second-table": (_Q, "Her står endnu en tabel med andre svar; kun tabellen i «{what}» er flettet.",
                     "Spørg {owner}, hvilken tabel der gælder. Den anden står på «Kontrol»."),
    "only-loose": (_Q, "Der er ingen svar i felterne, men der er skrevet ved siden af dem.",
                   "Læs teksten på «Kontrol», og spørg {owner}, om det er svaret."),
    "answers-differ": (_Q, "Flere har udfyldt skemaet og svaret forskelligt: «{value}». Der er spurgt om det, men ikke"
                           " svaret.", "Afklar med {owner}, hvad der gælder, og skriv det i «Opfølgning»."),
    "row-missing": (_Q, "Målet {goal} står ikke længere i skemaet.",
                    "Spørg {owner}, om rækken er slettet ved en fejl."),
    "twice-in-form": (_Q, "Målet {goal} står to gange i skemaet med forskellige svar.",
                      "Afklar med {owner}, hvilken række der gælder; begge står på «Modstridende svar»."),
    "matched-by-text": (_I, "Mål-id mangler; rækken er genkendt på sin tekst som {goal}.",
                        "Kontrollér, at det er det rigtige mål."),
    "id-column-missing": (_I, "Kolonnen «Mål-id» mangler; {value} er genkendt på teksten.",
                          "Kontrollér, at det er de rigtige mål."),
    "id-and-text": (_Q, "Mål-id og tekst passer ikke sammen: rækken har {goal}, men teksten er den, der hører til {what}.",
                    "Rækkens svar er ikke flettet. Afklar med {owner}, hvilket af de to mål de gælder."),
    "unknown-goal": (_Q, "Mål-id «{goal}» findes ikke i dette skema. {hint}",
                     "Svaret er ikke flettet. Afklar med {owner}, hvilket mål der menes."),
    "merged-answers": (_Q, "«{value}» ({column}) er flettet sammen over flere mål og er kun læst for {goal}.",
                       "Spørg {owner}, om svaret også gælder {what}."),
    "answer-in-note": (_Q, "Der er en note på et tomt felt: {goal} ({column}). Noter bliver ikke læst som svar.",
                       "Spørg {owner}, om noten er svaret: «{value}»"),
    "answer-misplaced": (_Q, "«{value}» står i {column}, men ikke i «{meant}».",
                         "Svaret er ikke flyttet. Spørg {owner}. {hint}"),
    "drawing-in-form": (_Q, "Der er indsat et billede eller en tekstboks på arket; det kan ikke læses som svar.",
                        "Åbn skemaet, se, om det er et svar, og skriv det i så fald i «Opfølgning»."),
    "goal-gone": (_Q, "Målet {goal} står ikke længere i aftalen.",
                  "Svaret står på «Kontrol». Afklar, om målet er taget ud med vilje."),
    # Answers
    "number-unreadable": (_Q, "«{value}» kan ikke læses som et tal.", "Spørg {owner} om tallet. {hint}"),
    "number-ambiguous": (_Q, "«{value}» kan læses på flere måder.", "Spørg {owner}, hvad der menes. {hint}"),
    "percent-ambiguous": (_Q, "Det er uklart, hvor mange procent «{value}» er.", "Spørg {owner}. {hint}"),
    "date-unreadable": (_Q, "«{value}» kan ikke læses som en dato.", "Spørg {owner} om datoen. {hint}"),
    "date-ambiguous": (_Q, "Datoen «{value}» kan læses på flere måder.", "Spørg {owner} om datoen. {hint}"),
    "status-unknown": (_Q, "«{value}» er ikke en af de otte statusser.", "Spørg {owner}. {hint}"),
    "status-ambiguous": (_Q, "«{value}» kan betyde flere statusser.", "Spørg {owner}. {hint}"),
    "yes-no-unknown": (_Q, "«{value}» er hverken Ja eller Nej.", "Spørg {owner}. {hint}"),
    "cell-error": (_Q, "Cellen viser fejlen {value}.", "Spørg {owner}, hvad der skulle have stået."),
    "cell-formula": (_Q, "Cellen har en formel uden gemt resultat.",
                     "Bed {owner} om at åbne skemaet i Excel, gemme det og sende det igen."),
    "remark-missing": (_Q, "Status er «{value}», men der er ingen bemærkning.", "Bed {owner} om en kort forklaring."),
    "status-contradiction": (_Q, "Status er «{value}», men resultatet giver «{computed}».",
                             "Afklar med {owner}; den indberettede status er ikke rettet."),
    "fall-positive": (_I, "Resultatet {value} % er en stigning, men målet er et fald.",
                      "Et fald skrives med minus. Kontrollér tallet med {owner}."),
    "same-as-last-year": (_Q, "Resultatet {value} er præcis det samme som i {what}.",
                          "Spørg {owner}, om det er årets tal eller sidste års."),
    "unit-flipped": (_Q, "Resultatet {value} er i en helt anden størrelse end i {what}, hvor det var {was}.",
                     "Spørg {owner}, om enheden er den samme (fx 5 % og ikke 0,05, eller tusinder)."),
    "total-fell": (_Q, "Resultatet {value} er mindre end i {what}, hvor det var {was}, og det er det samlede tal til dato.",
                   "Spørg {owner}, om {value} er det samlede tal for perioden eller kun det nye."),
    "picked-twice": (_Q, "Der er sat x ud for flere svar på {goal} ({column}), så valget er ikke ændret.",
                     "Lad ét x stå, og kør «aftale flet» igen."),
    "conflict": (_Q, "Der er forskellige svar på {goal} ({column}).",
                 "Vælg på arket «Modstridende svar», eller skriv det rigtige i «Opfølgning», og kør «aftale flet» igen."),
    "reopened": (_Q, "Svaret på {goal} ({column}) er ændret, siden der blev valgt «{value}».",
                 "Vælg igen på arket «Modstridende svar»."),
    "older-kept": (_Q, "Kun en ældre udgave af skemaet har et svar på {goal} ({column}); det er beholdt.",
                   "Spørg {owner}, om svaret stadig gælder."),
    "copy-unchanged": (_I, "Skemaet med spørgsmål er kommet tilbage, uden at der er rettet i det.",
                       "Spørg {owner}, om spørgsmålene er set."),
    "proposed-change": (_Q, "En aftalt celle er ændret fra «{was}» til «{value}».",
                 "Aftalen er ikke rettet. Tag forslaget op, eller ret aftalen i Excel."),
    "new-goal": (_Q, "Der er skrevet et forslag under tabellen.", "Tag forslaget op i dialogen om næste aftale."),
    "edit-unread": (_Q, "Rettelsen «{value}» i opfølgningen kan ikke læses.", "Skriv {what} i cellen. {hint}"),
    "cut-short": (_I, "De samlede bemærkninger til {goal} er længere, end en celle kan rumme.",
                  "Hele teksten står på «Kontrol»."),
    # The template
    "template-lacks": (_E, "{value}", ""),
    "template-loses": (_Q, "Vil gå tabt: {value}", "Fjern det i Excel, eller brug --trods-tab, når aftalen laves."),
    "template-note": (_I, "{value}", ""),
    # KSE's edition
    "kse-changed": (_Q, "Forvaltningen har ændret {goal} ({column}) fra «{was}» til «{value}».",
                    "Det er ikke flettet. Tal med forvaltningen, og ret selv i «Opfølgning», hvis I er enige."),
    "kse-wrote": (_Q, "Forvaltningen har skrevet uden for sine felter: «{value}».",
                  "Det er ikke flettet. Skriv det selv ind, hvor det hører til, hvis det skal med."),
    "kse-removed": (_Q, "Forvaltningen har slettet noget i sin udgave: {what}.",
                    "Intet er slettet i opfølgningen. Spørg forvaltningen, om det var meningen."),
    "kse-unread": (_Q, "Forvaltningens bemærkning kan ikke læses: cellen viser {value}.",
                   "Spørg forvaltningen, hvad der skulle have stået."),
    "kse-no-table": (_Q, "Kolonnen «Forvaltningens bemærkninger» eller «Mål-id» mangler i forvaltningens projektmappe, så"
                         " bemærkningerne til målene er ikke læst.",
                     "Se, hvad der står i den, og bed forvaltningen om at skrive i den udgave, der blev sendt."),
    "kse-record-changed": (_Q, "Det skjulte ark «_aftale» i forvaltningens projektmappe er ændret, siden den blev sendt.",
                           "Kontrollér forvaltningens bemærkninger en ekstra gang."),
    "kse-record-lost": (_E, "Projektmappen ligner en opfølgning, men dens skjulte ark «_aftale» mangler eller er ødelagt.",
                        "Er den fra forvaltningen, så kopiér bemærkningerne over i «Opfølgning», eller bed forvaltningen om"
                        " at skrive dem i den udgave, der blev sendt."),
    "kse-other": (_E, "Forvaltningens bemærkninger gælder {what}, men her samles {expected}.",
                  "Flyt filen til den mappe, den hører til."),
    "kse-older-kept": (_Q, "Kun en ældre udgave af forvaltningens svar har en bemærkning til {what}; den er beholdt.",
                       "Spørg forvaltningen, om den stadig gælder."),
    "kse-and-own": (_Q, "Forvaltningen har skrevet en ny bemærkning til {what}, efter at teksten blev rettet i"
                        " opfølgningen. Begge står der nu.",
                    "Ret teksten i opfølgningen, så den står, som den skal, og kør «aftale flet» igen."),
    "kse-edition-written": (_Q, "Der er skrevet i {value}, siden den blev lavet til forvaltningen. Den er gemt som {what}.",
                            "Læg den blandt svarene, og kør «aftale flet» igen, hvis det er forvaltningens svar."),
    "pdf-missing": (_I, "PDF'en er ikke lavet: LibreOffice findes ikke på maskinen.",
                    "Installér LibreOffice, og kør igen med --pdf; eller åbn {value} i Excel, og vælg Gem som PDF."),
    "pdf-failed": (_I, "PDF'en er ikke lavet: {what}.", "Åbn {value} i Excel, og vælg Gem som PDF, eller prøv igen."),
    # The mails' texts, addresses and drafts
    "mailtext-subject": (_E, "Mailteksten begynder ikke med en linje med emnet.",
                          "Skriv «Emne: …» på første linje, og kør kommandoen igen."),
    "mailtext-empty": (_E, "Mailteksten har et emne, men ingen tekst.", "Skriv teksten under emnet."),
    "mailtext-field": (_E, "Feltet {value} findes ikke i den mail. {hint}",
                        "Brug et af de felter, der står øverst i programmets egen tekst, eller skriv ordet uden klammer."),
    "mailtext-brace": (_E, "Der mangler en klamme om et felt: «{value}».", "Skriv feltet som {{frist}}."),
    "mailtext-block": (_E, "{value} er en liste eller en tabel.", "Lad feltet stå alene på en linje under emnet."),
    "mailtext-bracket": (_E, "En kantet parentes er ikke lukket, eller der står én inden i en anden: «{value}».",
                          "Sæt [ foran og ] efter det, der skal udelades, hvis feltet er tomt."),
    "mailtext-lacks": (_E, "Feltet {value} mangler, og uden det er mailen ikke til nogen nytte.",
                        "Sæt feltet ind på en linje for sig."),
    "mailtext-unreadable": (_E, "Mailteksten kan ikke læses ({why}).",
                             "Åbn den i Notesblok, gem den som UTF-8, og kør igen."),
    "mailtext-unknown": (_Q, "Der er ingen mail, som hedder {value}, så teksten er ikke brugt. {hint}",
                          "Omdøb filen til navnet på en af mailene, eller flyt den ud af mappen."),
    "mail-field-empty": (_Q, "Feltet {value} er tomt, så der er et hul i {what}.",
                         "Sæt kantede parenteser om det i mailteksten, eller udfyld det i aftalen, hvis det står dér."),
    "mail-no-address": (_E, "{owner} har ingen e-mailadresse, så der er ikke lavet en mail om {what}.",
                        "Skriv adressen i kolonnen E-mail ud for {goal}, og kør kommandoen igen."),
    "mail-bad-address": (_E, "«{value}» er ikke en adresse, der kan sendes til{why}, så den er ikke med.",
                         "Ret den {where}, og kør kommandoen igen."),
    "mail-big": (_Q, "Mailen {what} fylder {value} MB, og mange postkasser tager højst 20 MB.",
                 "Del filen på anden måde, fx i en fælles mappe, eller gør den mindre (store billeder i skabelonen?)."),
    "mail-subject-long": (_I, "Emnet i {what} er på {value} tegn og er kortet af.",
                          "Outlook viser højst 255 tegn. Gør emnet i mailteksten kortere."),
    "mail-draft": (_I, "Filen er en kladde til en mail, som «aftale» har lavet, og ikke et svar.",
                   "Den er sprunget over; der skal ikke gøres noget."),
    "reminder-done": (_I, "{owner} har meldt sit skema færdigt uden svar på {value} og er ikke mindet om det.",
                      "Skal der svares, så skriv til {owner}, eller brug «aftale indlaes --retur»."),
    "reminder-by-mail": (_Q, "{owner} har svaret i en mail uden skema og er ikke mindet om {value}.",
                         "Læs mailen, og skriv svaret i skemaet eller i «Opfølgning»."),
    "reminder-deadline": (_I, "Skemaet til {owner} blev sendt med fristen {value}; påmindelsen siger {what}, som der står på"
                              " Forside.", "Ret fristen på Forside, eller skriv den rigtige efter --frist."),
    "unmerged-answers": (_Q, "{value} i svar-mappen er ikke flettet ind i opfølgningen endnu.",
                         "Kør «aftale flet», og så «aftale send» igen, hvis det skal med."),
    "followup-sent-open": (_I, "Opfølgningen er ikke afklaret: {value}",
                           "Mailen er lavet alligevel. Kør «aftale send» igen, når det er afklaret."),
    # What the coordinator chooses in the follow-up
    "status-not-chosen": (_Q, "«{value}» er skrevet som status ved {goal}, men er ikke en status, der kan vælges. Status er"
                              " ikke ændret.",
                          "Vælg en af de otte statusser, eller tøm cellen, og kør «aftale flet» igen."),
    "followup-record-changed": (
        _Q, "Det skjulte ark «_aftale» i opfølgningen er ændret, siden den blev skrevet.",
        "Kontrollér afgørelser og bemærkninger. Mangler der noget, så hent den seneste sikkerhedskopi frem."),
    "decided-twice": (_Q, "{goal} ({column}) er afgjort to steder: «{value}» her og «{chosen}» på {at}. «{chosen}» gælder.",
                      "Er det forkert, så ret det i «Opfølgning», og kør «aftale flet» igen."),
    "choice-unknown": (_Q, "«{value}» kan ikke bruges under Vælg her.", "Vælg {what} på listen, eller slet det."),
    "choice-not-here": (_Q, "«{value}» kan ikke bruges: på denne linje er der ikke noget at vælge.",
                        "Slet det, og kør «aftale flet» igen."),
    "choice-no-line": (_Q, "«{value}» står på en linje på Kontrol, som ikke kan kendes igen, og er ikke brugt.",
                       "Skriv det i det gule felt ud for den linje, det gælder, og kør «aftale flet» igen."),
    "choice-line-twice": (_Q, "Der er valgt forskelligt på to rækker med den samme linje, bl.a. «{value}».",
                          "Lad det rigtige stå på den ene række, og kør «aftale flet» igen."),
    "choice-no-wording": (_Q, "Egen formulering «{value}» kan ikke bruges på denne linje.",
                          "Slet den, og vælg på listen under Vælg. Er det en bemærkning, så skriv den i «Opfølgning»."),
    "choice-both": (_Q, "Der er valgt «Behold aftalen», men der er også skrevet en formulering: «{value}».",
                    "Slet formuleringen, eller vælg «Ret aftalen»."),
    "choice-unread": (_Q, "Rettelsen «{value}» kan ikke læses som svar på {goal}.", "Skriv den om. {hint}"),
    "choice-differs": (_Q, "Her er svaret på {goal} rettet til «{value}», men «{chosen}» gælder ({at}).",
                       "Slet rettelsen her, eller ret svaret i «Opfølgning», og kør «aftale flet» igen."),
    "choice-twice": (_Q, "Rettelsen «{value}» er ikke brugt: svaret på {goal} er også rettet på en anden linje.",
                     "Lad én af rettelserne stå, og kør «aftale flet» igen."),
    "revise-unread": (_Q, "«{value}» kan ikke læses som et tal, så aftalen er ikke rettet.",
                      "Skriv tallet under Egen formulering. {hint}"),
    "revise-empty": (_Q, "Aftalens tekst kan ikke slettes på denne måde.",
                     "Skriv en ny tekst under Egen formulering, vælg «Behold aftalen», eller tag målet ud i aftalen."),
    "revise-twice": (_Q, "Der er valgt «Ret aftalen» til forskellige tekster i samme celle; aftalen er ikke rettet dér.",
                     "Vælg «Behold aftalen» ud for den tekst, der ikke skal bruges."),
    "revise-format": (_Q, "Aftalen er ikke rettet, fordi den ikke er gemt som .xlsx.",
                      "Åbn den i Excel, gem den som «Excel-projektmappe (.xlsx)», og kør kommandoen igen."),
    # The agreement
    "no-goals-sheet": (_E, "Der er intet ark med mål (overskriften «Mål-id» eller «Effektmål» findes ikke).",
                       "Brug en aftale, der er lavet med «aftale generer»."),
    "method-unknown": (_Q, "Måltypen «{value}» kendes ikke.", "Vælg en fra listen. {hint}"),
    "scope-unknown": (_Q, "«{value}» kendes ikke under Opgøres.", "Skriv «Pr. år» eller «I perioden». {hint}"),
    "demand-unknown": (_I, "«{value}» er ikke et af KSE's tre krav.",
                       "Skriv Bredde, Tilgængelighed eller Partnerskaber (flere med ;)."),
    "target-missing": (_Q, "Målet har måltypen «{value}», men intet måltal.",
                       "Skriv måltallet, eller lad måltypen stå tom."),
    "baseline-missing": (_I, "Udgangspunktet mangler, så målopfyldelsen kan ikke beregnes.",
                         "Skriv det i aftalen, eller lad den ansvarlige udfylde det i skemaet."),
    "agreement-year-outside": (_Q, "Aftaleåret {value} ligger uden for planens periode {period}.",
                               "Ret året eller perioden på Forside."),
    "year-unreadable": (_Q, "«{value}» i årskolonnen er hverken et kryds eller et tal.",
                        "Skriv x eller årets måltal."),
    "year-outside": (_Q, "Der er kryds i {value}, som ligger uden for planens periode {period}.",
                     "Flyt krydset, eller ret perioden på Forside."),
    "text-twice": (_Q, "Teksten står også i {value}.", "Ret den ene, eller slet den overflødige række."),
    "owner-missing": (_Q, "Effektmålet har ingen ansvarlig, så ingen får det i sit skema.",
                      "Skriv en ansvarlig (flere med ;)."),
    "proposal-open": (_Q, "Målet er delt ud med et forslag, som ingen har bekræftet: »{value}«.",
                      "Se de gule felter i rækken efter, ret dem om nødvendigt, slet sætningen i Note, og kør igen."),
    "email-missing": (_I, "{owner} har ingen e-mailadresse.", "Skriv den i kolonnen E-mail."),
    "email-mismatch": (_Q, "Antallet af ansvarlige ({many}) og af e-mailadresser ({value}) passer ikke sammen.",
                       "Skriv en adresse til hver, i samme rækkefølge og med ; imellem."),
    "email-differs": (_Q, "{owner} står med flere adresser: {value}.", "Brug den samme adresse alle steder."),
    "focus-without-goals": (_Q, "Fokusområdet har kryds i {value}, men ingen effektmål i de år.",
                            "Tilføj et effektmål, eller flyt krydset."),
    "focus-later": (_I, "Fokusområdet har kryds i {value}, men endnu ingen effektmål i de år.",
                    "Tilføj dem, når aftalen for de år bliver lavet."),
    "demand-unserved": (_I, "Ingen mål er knyttet til KSE's krav om {value}.",
                        "Skriv kravet i kolonnen KSE-krav ud for de mål, der opfylder det."),
    "demands-not-stated": (_I, "Aftalen angiver ikke, hvilke mål der opfylder KSE's krav ({value}).",
                           "Skriv kravene i kolonnen KSE-krav, hvis de skal følges."),
    "id-given": (_I, "Rækken har fået {value}.", "Der skal ikke gøres noget; id'et bliver stående."),
    "id-again": (_I, "Rækken manglede sit Mål-id og har fået {value} igen, fordi teksten er den samme.",
                 "Kontrollér, at det er det samme mål."),
    "id-twice": (_Q, "{goal} står på to rækker; denne har fået {value}.", "Kontrollér, at det er to forskellige mål."),
    "id-bad": (_Q,
               "«{value}» er ikke et Mål-id; rækken har fået {goal}.", "Lad id-kolonnen stå, som programmet skriver den."),
    "level-filled": (_I, "Rækken manglede {value}; det er taget fra rækken over.", "Skriv teksten på hver række."),
    "row-without-goal": (_Q, "Rækken har ingen tekst under udviklingsmål, fokusområde eller effektmål.",
                         "Skriv målet, eller slet rækken."),
    "fact-missing": (_I, "«{value}» er ikke udfyldt på Forside.", "Udfyld feltet, før aftalen sendes."),
    "fact-unread": (_Q, "«{value}» under {what} kan ikke læses.", "Ret feltet. {hint}"),
    "goal-withdrawn": (_I, "Målet står som udgået i Note og sendes ikke ud.", "Der skal ikke gøres noget."),
    "name-unplaced": (_I, "{value}", "Tilføj feltet i skabelonen, eller lad det være."),
    "column-unknown": (_I, "Kolonnen «{value}» kendes ikke og er sprunget over.", "{hint}"),
    "deadline-missing": (_I, "Der er ingen frist for {value}.", "Skriv den på Forside, eller brug --frist."),
    # Mails that go out
    "relay-unreachable": (_E, "Der er ikke forbindelse til mailserveren {value}: {why}.",
                          "Kontrollér navn og port efter --smtp (port 587 skal have --sikkerhed starttls, port 465 tls), og"
                          " om maskinen er på nettet. Kør så kommandoen igen, eller spørg it-afdelingen, om der er"
                          " spærret."),
    "relay-turned-away": (_E, "Mailserveren {value} tager ikke imod mails herfra nu. Den siger: «{words}».",
                          "Kør kommandoen igen om nogle minutter. Hjælper det ikke, så spørg it-afdelingen, om maskinen må"
                          " sende mails."),
    "relay-no-tls": (_E, "Der kan ikke aftales kryptering med mailserveren {value}, og uden den bliver intet sendt.",
                     "Kontrollér porten og --sikkerhed (port 587 skal have starttls, port 465 tls), eller spørg"
                     " it-afdelingen om den rigtige port."),
    "relay-untrusted": (_E, "Mailserveren {value} har et certifikat, som ikke kan godkendes: {why}. Det er uvist, om det er"
                        " den rigtige server.",
                        "Kontrollér navnet efter --smtp og maskinens dato. Er de rigtige, så spørg it-afdelingen om"
                        " kommunens rodcertifikat, og angiv filen i miljøvariablen SSL_CERT_FILE."),
    "relay-no-login": (_E, "Mailserveren {value} tager ikke imod login med adgangskode.",
                       "Udelad --bruger, hvis der kan sendes uden login, eller spørg it-afdelingen om en anden server."),
    "relay-wrong-password": (_E, "Mailserveren {value} afviser brugeren {user} eller adgangskoden. Den siger: «{words}».",
                             "Kontrollér --bruger, og skriv adgangskoden igen. Nogle steder skal der bruges en særlig"
                             " app-adgangskode."),
    "sender-missing": (_E, "Det er uvist, hvem mailene er fra.",
                       "Skriv koordinatorens e-mail på arket Forside i aftalen, eller skriv adressen efter --fra."),
    "sender-unusable": (_E, "«{value}» kan ikke bruges som afsenderadresse.",
                        "Skriv den som navn@example.dk efter --fra, uden æ, ø og å før snabel-a."),
    "sender-refused": (_E, "Mailserveren vil ikke sende mails fra {what}. Den siger: «{words}».",
                       "Log på med --bruger, hvis det mangler, eller skriv en adresse efter --fra, som må sende (ofte den,"
                       " der hører til --bruger). Kør så kommandoen igen."),
    "mail-refused": (_E, "{value} har ikke fået mailen: serveren afviste den. Den siger: «{words}».",
                     "Er adressen forkert, så ret den i aftalen; spørg ellers it-afdelingen, hvad svaret betyder. Kør så den"
                     " samme kommando igen: kun de, der mangler mailen, får den."),
    "mail-too-big": (_E, "{value} har ikke fået mailen: den er for stor til serveren. Den siger: «{words}».",
                     "Læg filerne et sted, modtageren kan hente dem, eller spørg it-afdelingen om en højere grænse."),
    "mail-later": (_E, "{value} har ikke fået mailen endnu. Serveren siger: «{words}».",
                   "Kør den samme kommando igen om nogle minutter: den fortsætter, hvor den slap."),
    "mail-in-doubt": (_E, "Det er uvist, om {value} har fået mailen: afsendelsen blev afbrudt {what}, før serveren havde"
                      " kvitteret for den. Den er ikke sendt igen.",
                      "Se efter i Sendt post, eller spørg modtageren. Er den kommet frem, så kør den samme kommando med"
                      " --uafklarede sendt; ellers med --uafklarede ikke, så bliver den sendt igen."),
    "sent-before": (_I, "Sendt før og ikke sendt igen: {value}.", "Skal alle have mailen igen, så brug --igen."),
    # Next year's agreement
    "next-other": (_E, "Opfølgningen er fra {what}, ikke fra {expected}, og er ikke brugt.",
                   "Skriv stien til årets opfølgninger efter aftalen."),
    "next-unread": (_E, "Opfølgningen er ikke brugt. {value}", ""),
    "next-midway": (_Q, "Årsopfølgningen for {value} er ikke med, så det er status fra midtvejs, der er brugt.",
                    "Kør «aftale flet» for årsopfølgningen, flyt den nye aftale væk, og kør «aftale nyt-aar» igen."),
    "next-undecided": (_Q, "Der er modstridende svar, som ikke er afgjort: {value}.",
                       "Vælg på arket «Modstridende svar» i opfølgningen, gem, og kør «aftale flet». Flyt så den nye aftale"
                       " væk, og kør «aftale nyt-aar» igen."),
    "next-missing": (_Q, "Der mangler en status for {value}.",
                     "Få svaret med «aftale flet», eller afklar det, når næste års aftale drøftes."),
    "next-carry-over": (_Q, "{goal} er ikke meldt opfyldt ({value}) og foreslås videreført.",
                        "Sæt x i {year} ud for målet på arket {sheet}, hvis det skal med; ellers gør ikke noget."),
    "next-plan-over": (_Q, "Planperioden {value} er slut, og {year} er kommet med som et ekstra, tomt år.",
                       "Sæt x i {year} ud for det, der skal fortsætte, og skriv den nye plans mål på rækkerne under. Ret så"
                       " perioden på Forside."),
    "next-plan-lost": (_Q, "Kolonnen {year} er sat ind på arket {sheet}, og det kunne ikke komme med: {value}.",
                       "Sæt det ind igen i Excel; det står i sidste års aftale."),
    "next-theme": (_Q, "Temaet er aftalt for {value}, og aftalen gælder {year}.",
                   "Skriv årets tema på Forside og i Aftaletekst, eller ret årstallene, hvis temaet fortsætter."),
    "next-sub-left": (_Q, "{goal} har stadig {year}, men effektmålet {value} er udgået.",
                      "Skriv «Udgået» i Note, hvis delmålet også er taget ud."),
    "next-replaced-active": (_Q, "{goal} er erstattet af {value}, men har stadig kryds i {year}.",
                             "Slet krydset, eller ret det, der står om det i Note."),
    "next-replaces-unknown": (_Q, "{goal} erstatter {value}, men det Mål-id findes ikke i aftalen.", "Ret teksten i Note."),
    "next-replaced-unknown": (_Q, "{goal} er erstattet af {value}, men det Mål-id findes ikke i aftalen.",
                              "Ret teksten i Note."),
    "next-gone": (_Q, "{goal} står i opfølgningen, men ikke længere i aftalen, og er ikke ført videre: «{value}».",
                  "Er rækken slettet ved en fejl, så sæt den ind igen i aftalen for {year} med Mål-id {goal}, flyt den nye"
                  " aftale væk, og kør «aftale nyt-aar» igen. Er målet taget ud, så lad rækken stå med «Udgået» i Note."),
    "next-gone-before": (_I, "Mål-id, der er givet før, men ikke længere står i aftalen: {value}.",
                         "Årets opfølgninger har intet om dem, så der er ingen svar, der mangler."),
    "next-new-ids": (_I, "Nye Mål-id er givet til rækker, der ikke havde noget: {value}.",
                     "Havde en af rækkerne et Mål-id før, så skriv det gamle ind igen, så svarene følger med."),
    "next-frame": (_Q, "Økonomisk ramme er «{value}», og aftalen gælder {year}.", "Skriv årets ramme på Forside."),
    "next-target-missing": (_Q, "{goal} har ikke noget måltal i {year} (før: {value}).",
                            "Skriv årets måltal i feltet for {year}, eller skriv det under Måltal."),
    "next-baseline-missing": (_Q, "Udgangspunktet for {goal} skal være resultatet for {value}, som mangler.{what}",
                              "Feltet er tomt. Skriv tallet under Udgangspunkt, eller lad den ansvarlige skrive det i"
                              " skemaet."),
    "next-baseline-differs": (_Q, "Udgangspunktet for {goal} er {value} i aftalen, men {was} er {what}.",
                              "Aftalens tal er beholdt. Ret det under Udgangspunkt, hvis det andet er det rigtige."),
    "next-baseline-early": (_I, "Udgangspunktet for {goal} er foreløbigt: {value}.",
                            "Ret det under Udgangspunkt, når det endelige tal foreligger. Det er aftalens tal, der gælder."),
    "next-weekend": (_I, "Fristen {value} er en {what}.", "Ret den på Forside, hvis svarene skal komme på en hverdag."),
    "next-no-column": (_Q, "Arket {sheet} har ingen kolonne «{value}», så det, der er nyt, står kun på arket «{what}».",
                       "Indsæt kolonnen i aftalen, flyt den nye væk, og kør «aftale nyt-aar» igen."),
    # Agreements from documents
    "doc-empty": (_E, "Dokumentet er tomt.", "Kontrollér, at det er den rigtige fil, og hent den igen."),
    "doc-locked": (_E, "Dokumentet er beskyttet med en adgangskode.",
                   "Åbn det i Word, fjern adgangskoden under Filer > Oplysninger, gem det, og kør kommandoen igen."),
    "doc-old": (_E, "Dokumentet er gemt i Words gamle format (.doc).",
                "Åbn det i Word, vælg Gem som «Word-dokument (.docx)», og kør kommandoen igen."),
    "doc-other": (_E, "Filen kan ikke læses som et dokument: den er {what}.",
                  "Åbn den i Word, vælg Gem som «Word-dokument (.docx)», og kør kommandoen igen."),
    "doc-damaged": (_E, "Dokumentet er beskadiget og kan ikke læses.",
                    "Åbn det i Word, lad Word reparere det, og gem det igen; eller hent det på ny."),
    "doc-too-big": (_E, "Dokumentet er alt for stort, når det pakkes ud, og er ikke læst.",
                    "En aftale fylder nogle få sider. Kopiér aftalen over i et nyt dokument, og kør kommandoen på det."),
    "doc-odd": (_E, "Dokumentet er ikke læst: det er pakket på en måde, som dokumenter aldrig er.",
                "Spørg afsenderen, hvor det kommer fra, før nogen åbner det."),
    "doc-chunk": (_Q, "Der er lagt et helt andet dokument ind i dokumentet, og det er ikke læst.",
                  "Åbn dokumentet i Word, gem det igen, så det hele bliver ét, og kør kommandoen igen."),
    "doc-nested": (_E, "Dokumentet har tabeller inde i tabeller i så mange lag, at det ikke kan læses.",
                   "Flyt den inderste tekst op i en almindelig tabel i Word, gem dokumentet, og kør kommandoen igen."),
    "doc-parts-missing": (_Q, "Dokumentet henviser til noget, der ikke er i filen ({value}); resten er læst.",
                          "Åbn det i Word, lad Word reparere det, og kør igen, hvis noget mangler i aftalen."),
    "doc-encoding": (_I, "Filen er ikke gemt som UTF-8 og er læst som {value}.",
                     "Ser æ, ø og å forkerte ud i aftalen, så åbn filen i Notesblok, vælg Gem som med kodningen UTF-8, og"
                     " kør igen."),
    "doc-changes": (_Q, "Dokumentet har rettelser, som ingen har accepteret eller afvist: {value}. Det indsatte er læst som"
                    " en del af aftalen; det slettede står på arket Fra dokumentet.",
                    "Skal det læses anderledes, så vælg Gennemse > Acceptér eller Afvis i Word, gem, og kør igen."),
    "doc-struck": (_Q, "«{value}» er streget over og er ikke læst som en del af aftalen.",
                   "Det står på arket Fra dokumentet. Skriv det ind i aftalen, hvis det gælder alligevel."),
    "doc-hidden": (_Q, "«{value}» er skjult tekst og er ikke læst som en del af aftalen.",
                   "Det står på arket Fra dokumentet. Skriv det ind i aftalen, hvis det gælder alligevel."),
    "doc-goal-gone": (_Q, "Målets tekst er streget over, skjult eller slettet, så rækken er ikke læst som et mål.",
                      "Rækken står på arket Fra dokumentet. Skriv målet ind på arket Mål, hvis det gælder alligevel."),
    "doc-totals": (_I, "«{value}» er læst som en sum og ikke som et mål.",
                   "Rækken står på arket Fra dokumentet. Skriv den ind på arket Mål, hvis den er et mål."),
    "doc-too-long": (_Q, "«{what}» er længere, end der er plads til i en celle i Excel ({value} tegn), og er delt.",
                     "Resten står på arket Fra dokumentet. Kort teksten af på arket Mål, så det vigtigste er med."),
    "doc-parties": (_I, "{what} – læst ud af «{value}».", "Ret parterne på arket Forside, hvis de ikke passer."),
    "doc-parties-unsure": (_Q, "Det er ikke sikkert, hvem der er parter: «{value}» kan deles flere steder.",
                           "Skriv {what} på arket Forside."),
    "doc-year-header": (_Q, "Kolonnen «{value}» er læst som {what}, så hvert kryds i den er sat i {many} år.",
                        "Ret årene på arket Mål, hvis krydsene kun gælder et af dem."),
    "doc-no-cross": (_I, "«{value}» under årene er læst som felter uden kryds ({many}).",
                     "De står på arket Fra dokumentet. Sæt kryds på arket Mål, hvis de betyder noget andet."),
    "doc-year-twice": (_Q, "{what} har to kolonner med hvert sit tal. «{value}» står i Note.",
                       "Kontrollér måltallet under {what} på arket Mål."),
    "doc-year-none": (_Q, "«{value}» under {what} er ikke læst som et kryds. Året har intet fået, og teksten står i Note.",
                      "Sæt x på arket Mål, hvis målet gælder det år."),
    "doc-no-goals": (_Q, "Der er ikke fundet nogen mål i dokumentet.",
                     "Dokumentets tekst står på arkene Aftaletekst og Fra dokumentet. Skriv målene ind på arket Mål."),
    "doc-proposal": (_I, "{goal} er foreslået ud fra »{value}« ({what}).", "Bekræft eller ret de gule felter på arket Mål."),
    "doc-deliveries": (_I, "{value} nævner ikke noget tal og er foreslået som Leverance.",
                       "Bekræft eller ret de gule felter på arket Mål."),
    "doc-goal-number": (_Q, "Målet «{what}» nævner {value}, men det er ikke læst som måltal.",
                        "Skriv måltype og måltal på arket Mål, hvis der skal måles på det."),
    "doc-method-open": (_Q, "Målet «{what}» har måltallet {value}, men det er ikke sikkert, om det er mindst eller højst.",
                        "Vælg Måltype på arket Mål."),
    "doc-number": (_I, "Tallet {value} er ikke læst som måltal eller år: »{what}«.",
                   "Teksten er bevaret, og tallet står på arket Fra dokumentet. Gør kun noget, hvis det er et mål."),
    "doc-second-target": (_Q, "Målet «{what}» nævner endnu et måltal: »{value}«.",
                          "Der er kun plads til ét på rækken. Lav et delmål på arket Mål, hvis begge skal følges op."),
    "doc-target-unread": (_Q, "Måltallet «{value}» kan ikke læses som et tal.", "Det står i Note. Skriv tallet i Måltal."),
    "doc-joined": (_I, "Rækken er læst som fortsættelse af den over, fordi sætningen går videre: «{value}».",
                   "Kontrollér målets tekst på arket Mål."),
    "doc-points-parted": (_I, "{value} punkter i cellen er skilt ad, hvor en sætning slutter; filen viser ikke skellet.",
                          "Kontrollér delmålene på arket Mål."),
    "doc-crosses-uneven": (_Q, "Der er {value} rækker med kryds til {many} punkter; krydsene er læst fra oven.",
                           "Kontrollér krydsene ud for punkterne på arket Mål."),
    "doc-crosses-left": (_Q, "Rækken har kryds i {value}, men ingen tekst, og hører ikke til noget mål.",
                         "Sæt krydsene på arket Mål, hvis de gælder et mål."),
    "doc-year-text": (_Q, "«{value}» under {what} er hverken kryds eller tal. Året har fået x, og teksten står i Note.",
                      "Kontrollér årene på arket Mål."),
    "doc-years-differ": (_Q, "Teksten siger »{value}«, men krydsene står i {what}.",
                         "Ret krydsene eller teksten på arket Mål."),
    "doc-owners-parted": (_I, "«{value}» er læst som flere ansvarlige: {many}.", "Ret kolonnen Ansvarlig, hvis det er én."),
    # Follow-ups of many units (saml)
    "saml-other": (_I, "Filen er {what} og er ikke talt med.", "Den er sprunget over; der skal ikke gøres noget."),
    "saml-no-name": (_Q, "Opfølgningen siger ikke, hvilken enhed den er fra. Den står som «{value}».",
                     "Bed enheden om at skrive sit navn på Forside i aftalen, køre «aftale flet» og sende den igen."),
    "saml-no-table": (_E, "Filen er en opfølgning, men tabellen fra arket «Opfølgning» kan ikke findes i den.",
                      "Bed enheden om at sende opfølgningen igen uden at slette eller omdøbe kolonner."),
    "saml-who-unknown": (_E, "Filen ligner en opfølgning, men den siger ikke, hvilken enhed, hvilket år og hvilken runde den"
                         " er fra.", "Bed enheden om at sende den opfølgning, som «aftale» har lavet."),
    "saml-by-cells": (_Q, "Det skjulte ark «_aftale» mangler, er ændret eller kan ikke læses, så opfølgningen er læst,"
                      " som den står i cellerne.",
                      "Kontrollér enhedens tal en ekstra gang, eller bed den om at sende opfølgningen på ny."),
    "saml-record-changed": (_Q, "Det skjulte ark «_aftale» er ændret, siden opfølgningen blev skrevet.",
                            "Kontrollér enhedens tal en ekstra gang, eller bed den om at sende opfølgningen på ny."),
    "saml-elsewhere": (_I, "Der står også noget i filen, som ikke er et svar og ikke er talt med: {value}.",
                       "Åbn filen, hvis det kan være vigtigt."),
    "saml-formulas": (_I, "Om {value}: det, de viser, er talt med.",
                      "Kontrollér tallene, hvis formlerne henter fra andre filer."),
    "saml-table-gone": (_Q, "Tabellen fra arket «Opfølgning» kan ikke findes, så det, der er skrevet i den siden sidste"
                        " «aftale flet», er ikke talt med.",
                        "Bed enheden om at sende opfølgningen igen med arket «Opfølgning»."),
    "saml-answers-gone": (_Q, "Overskriften {value} kan ikke findes på arket, så det, der er skrevet under den siden sidste"
                          " «aftale flet», er ikke talt med.",
                          "Skriv overskriften, som den stod, eller bed enheden om at sende opfølgningen igen."),
    "saml-columns": (_Q, "Der mangler noget i tabellen over målene: {value}. Det er ikke talt med{what}.",
                     "Bed enheden om at sende opfølgningen igen uden at slette eller omdøbe kolonner."),
    "saml-row-unknown": (_Q, "Der er skrevet noget i {value}, men Mål-id mangler, er ukendt eller står allerede i en anden"
                         " række. Det er ikke talt med.",
                         "Skriv det rigtige Mål-id i rækken, eller bed enheden om at sende opfølgningen igen."),
    "saml-row-doubled": (_Q, "Mål-id {value} står i flere rækker. Kun den første er talt med.",
                         "Ret Mål-id, så hvert mål har sit eget, eller bed enheden om at sende opfølgningen igen."),
    "saml-rows-gone": (_Q, "{value} var med, da udgaven blev sendt, men står der ikke længere og er ikke talt med.",
                       "Bed enheden om sin opfølgning, eller brug den udgave, der blev sendt."),
    "saml-edition-changed": (_Q, "Udgaven siger noget andet, end da den blev sendt, i {value}. Det er talt, som det står.",
                             "Sammenhold med enhedens egen opfølgning; det er kun bemærkninger, der skrives i udgaven."),
    "saml-read": (_I, "«{value}» ved {goal} er læst som {reading} ({rule}).",
                  "Spørg enheden, hvis det kan betyde noget andet."),
    "saml-status-unknown": (_Q, "«{value}» står som status ved {goal}, men er ikke en af de otte statusser. Det er talt som"
                            " «Anden status».", "Bed enheden om at vælge en status på listen og sende opfølgningen igen."),
    "saml-versions": (_Q, "{what} har sendt flere opfølgninger med forskelligt indhold, og det er uvist, hvilken der er den"
                      " nyeste: {value}. Indtil videre er {chosen} talt med.",
                      "Flyt den, der ikke gælder, ud af mappen, og kør «aftale saml» igen."),
    "saml-edition-differs": (_I, "Forvaltningens udgave er gemt senere end enhedens opfølgning {value} og har andre tal"
                             " eller tekster. Tallene er enhedens egne; det, forvaltningen har skrevet, er ført med.",
                             "Bed enheden om sin seneste opfølgning, hvis den har rettet noget siden."),
    "saml-departments": (_Q, "Det er uvist, om {value} er samme enhed: forvaltningen hedder ikke det samme i deres filer. De"
                         " er talt hver for sig.",
                         "Er det én enhed, så tag kun den opfølgning med, der gælder. Ellers skriv dem sådan på listen"
                         " efter --enheder."),
    "saml-same-agreement": (_Q, "{value} har hver sit navn, men deres opfølgninger er af samme aftale. De er talt hver for"
                            " sig.", "Har enheden skiftet navn, så tag kun den nyeste med. Er den ene aftale en kopi af den"
                            " anden, så skriv begge navne på listen efter --enheder."),
    "saml-ahead": (_Q, "Kun {many} enheder har {what} ({value}); flest har {usual}. Alle er holdt op imod {what}.",
                   "Er året eller runden i filen forkert, så tag den ud, eller kør igen med --aar {year} --runde {round}."),
    "saml-not-listed": (_Q, "{value} har sendt en opfølgning, men står ikke på listen over enheder. {hint}",
                        "Ret listen, så navnet står, som enheden selv skriver det, og kør «aftale saml» igen."),
    "saml-mail-only": (_Q, "Der er ingen opfølgning i mailen fra {value}.",
                       "Læs mailen, og bed enheden om at sende opfølgningen som regneark."),
    "saml-mail-automatic": (_I, "Mailen er et automatisk svar.", "Den er sprunget over; der skal ikke gøres noget."),
    "saml-zip-empty": (_Q, "Der ligger ingen filer i arkivet.", "Bed enheden om at sende opfølgningen igen."),
}


def problem(code: str, place: Place = _NOWHERE, **words: object) -> Problem:
    """Make a problem from the catalogue; ``words`` fill its texts (``value`` and ``goal`` are kept as well)."""
    level, message, advice = CATALOGUE[code]
    known = {key: str(word) for key, word in words.items()}
    texts = _Gaps({key: word if len(word) <= 160 else word[:157] + "…" for key, word in known.items()})
    return Problem(code, level, place, message.format_map(texts).strip(), advice.format_map(texts).strip(),
                   known.get("value", ""), known.get("goal", ""))


class _Gaps(dict[str, str]):
    """Words for a message: one that isn't given leaves no trace, but an unnamed owner is still somebody."""

    def __missing__(self, key: str) -> str:
        return "den ansvarlige" if key == "owner" else ""
