"""Everything that can be wrong or doubtful in people's files: one catalogue of codes, texts and what to do.

Someone who can't program can proofread this file. ``{…}`` is filled in where the problem is found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from aftale.words.domain import Place


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
    """A finding in somebody's file: what is wrong, where it stands, and what to do about it."""

    code: str
    level: Severity
    place: Place
    message: str
    advice: str
    value: str = ""
    goal: str = ""

    def at(self, place: Place) -> Problem:
        """Return the same problem at another place."""
        return replace(self, place=place)


_NOWHERE = Place()
_E, _Q, _I = Severity.ERROR, Severity.QUESTION, Severity.INFO

CATALOGUE: dict[str, tuple[Severity, str, str]] = {
    # Files
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
    "proposal": (_Q, "En aftalt celle er ændret fra «{was}» til «{value}».",
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
