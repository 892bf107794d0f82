"""Agreements of many institutions in many shapes: the rows that their coordinators would expect, in a small notation.

A row is `fokusområde > effektmål > delmål | what its cells say`; an udviklingsmål stands first with `!`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from making_documents import document, goal_rows

from aftale.document.open_document import from_document
from aftale.model.agreement import Goal
from aftale.model.text import canonical, spoken
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.generer import generer

KEY_FIGURES = {
    "a music school's key figures": ("""
        Resultatkontrakt for Sydbyens Musikskole 2015-2017
        # Musik for alle
        | Indikator | Baseline | Realiseret 2014 | Mål 2015 | Mål 2016 | Mål 2017 |
        | Antal elever i undervisning | 480 | 490 | 500 | 520 | 540 |
        | Andel tilfredse forældre | 80 % | 81 % | 82 % | 84 % | 85 % |
        """, """
        Musik for alle > Antal elever i undervisning | Mindst 2015=500 2016=520 2017=540 fra 480
        Musik for alle > Andel tilfredse forældre | Mindst 2015=82 2016=84 2017=85 % fra 80
        """),
    "a road department's, with themes as rows, and what should be little": ("""
        Aftale 2020 for Vejafdelingen
        | Nøgletal | Status 2019 | Måltal 2020 | Måltal 2021 | Ansvarlig |
        | Sikre veje | | | | |
        | Antal huller, der lappes inden for en uge | 300 | 350 | 400 | Vejteamet |
        | Sygefravær | 5,2 % | 5 % | 4,5 % | Ledelsen |
        | Grønne rabatter | | | | |
        | Antal kilometer med vilde blomster | 12 | 20 | 30 | Parkteamet |
        """, """
        Sikre veje > Antal huller, der lappes inden for en uge | Mindst 2020=350 2021=400 hos Vejteamet
        Sikre veje > Sygefravær | 2020=5 2021=4,5 % hos Ledelsen
        Grønne rabatter > Antal kilometer med vilde blomster | Mindst 2020=20 2021=30 hos Parkteamet
        """),
    "a sports hall's, with no header above what is measured": ("""
        Virksomhedsplan 2021 for Sydhallen
        | | Regnskab 2019 | Mål 2021 | Mål 2022 |
        | Udlejede timer | 3.900 | 4.000 | 4.200 |
        | Stævner | 11 | 12 | 12 |
        | Afvigelse fra budgettet | 3 % | < 2 % | < 1 % |
        """, """
        > Udlejede timer | Mindst 2021=4000 2022=4200
        > Stævner | Mindst 2021=12 2022=12
        > Afvigelse fra budgettet | 2021=x 2022=x
        """),
    "a nursing home's, with one target and a unit": ("""
        Kontrakt 2022 for Plejecenter Åbakken
        # Mål
        ## Trivsel
        | Indikator | Enhed | Udgangspunkt | Måltal | Ansvarlig |
        | Ugentlige gåture | ture | 2 | 3 | Aktivitetsteamet |
        | - | | | | |
        | 110 | | | | |
        """, """
        Trivsel > Ugentlige gåture | Mindst 3 ture fra 2 hos Aktivitetsteamet
        """),
    "a music school's, with results beside the targets in two rows of headers": ("""
        Aftale 2017 for Musikskolen
        | Indikator | Resultat | < | Mål | < |
        | ^ | 2016 | 2017 | 2017 | 2018 |
        | Elever | 480 | 490 | 500 | 520 |
        """, "> Elever | Mindst 2017=500 2018=520"),
    "a museum's, with what has been under plain years, and tables of money and of history alone": ("""
        Aftale 2020 for Museet ved Åen
        | Nøgletal | 2018 | 2019 | Mål 2020 | Budget 2021 |
        | Gæster | 9.000 | 9.500 | 10.000 | 11.000 |
        # Økonomi
        | Post | Budget 2020 | Budget 2021 |
        | Løn | 500.000 | 510.000 |
        # Bilag
        | Indikator | 2018 | 2019 |
        | Ansatte | 4 | 5 |
        """, "> Gæster | Mindst 2020=10000 2021=11000"),
    "a library's, with words between its heading and its figures": ("""
        Aftale 2020 for Biblioteket
        # Mål for 2020
        ## Læselyst
        Vi følger disse tal.
        | Indikator | Mål 2020 |
        | Udlån | 5.000 |
        """, "Læselyst > Udlån | Mindst 2020=5000"),
    "plain years beside a baseline": ("""
        Aftale 2020 for Museet ved Åen
        | Indikator | Baseline | 2020 | 2021 |
        | Gæster | 9.000 | 10.000 | 11.000 |
        """, "> Gæster | Mindst 2020=10000 2021=11000 fra 9000"),
    "years that some figures lack, and words in place of one": ("""
        Aftale 2019 for Museet ved Åen
        | Indikator | Mål 2019 | Mål 2020 |
        | Gæster i alt | 20.000 | |
        | Nye udstillinger | 3 | aftales senere |
        """, """
        > Gæster i alt | Mindst 2019=20000
        > Nye udstillinger | Mindst 2019=3 2020=x
        """),
    "a depot's, with what is demanded in a column of its own": ("""
        Resultatkontrakt 2019 for Hjælpemiddeldepotet
        | Nr. | Resultatmål | Målemetode | Krav | Vægt |
        | 1. | Genbrug | Andel genbrugte hjælpemidler | 60 % | 50 |
        | 2. | Sygefravær | Fravær i % | 4,5 % | 50 |
        """, """
        > Genbrug | Mindst 60 %
        > Sygefravær | 4,5 %
        """),
    "a recycling yard's, with what there should be little of": ("""
        Kontrakt 2023 for Genbrugspladsen Øst
        | Nøgletal | Enhed | Realiseret 2022 | Mål 2023 | Mål 2024 |
        | Svartid på mails | dage | 3 | 2 | 2 |
        | Arbejdsulykker | antal | 4 | 2 | 2 |
        | Besøg | antal | 108.000 | 110.000 | 112.000 |
        """, """
        > Svartid på mails | 2023=2 2024=2 dage
        > Arbejdsulykker | 2023=2 2024=2 antal
        > Besøg | Mindst 2023=110000 2024=112000 antal
        """),
}
LABELS = {
    "a sports hall's goals down the first column": ("""
        Aftale 2020 for Skovhallen
        # Flere i hallen
        | Mål | Flere unge bruger hallen |
        | Indikator | Antal unge medlemmer |
        | Succeskriterium | Mindst 200 medlemmer |
        | Ansvarlig | Halteamet |
        | Frist | 31.12.2020 |
        # En grønnere hal
        | Mål | Hallen får solceller |
        | Ansvarlig | Driftsteamet |
        | Frist | juni 2020 |
        """, """
        Flere i hallen > Flere unge bruger hallen | Mindst 200 medlemmer 2020=x hos Halteamet inden 31.12.2020
        En grønnere hal > Hallen får solceller | Leverance 2020=x hos Driftsteamet inden juni 2020
        """),
    "a school's, all in one table, with colons and numbers": ("""
        Udviklingsplan 2023 for Vestskolen
        | Mål 1: | Alle elever læser hver dag |
        | Indikator: | Læsekurven |
        | Ansvarlig: | Læsevejlederen |
        | Mål 2: | Færre konflikter i frikvarteret |
        | Ansvarlig: | Trivselsteamet |
        """, """
        > Alle elever læser hver dag | Leverance hos Læsevejlederen
        > Færre konflikter i frikvarteret | Leverance hos Trivselsteamet
        """),
    "a swimming hall's, with demands in sentences": ("""
        Driftskontrakt 2023 for Svømmehallen
        | Nr. | Resultatkrav | Indikator |
        | 1 | Flere åbne timer | Timer |
        | 2 | Svømmekurser for voksne | 12 kurser årligt |
        """, """
        > Flere åbne timer | Leverance
        > Svømmekurser for voksne | Mindst 12 kurser
        """),
    "a nursery's table under the document's own heading": ("""
        # Plan 2023 for Vuggestuen Spiren
        | Mål | Tiltag | Tegn |
        | Rolige måltider | Mindre grupper | Børnene bliver siddende |
        """, """
        ! Rolige måltider > > Mindre grupper | Leverance
        """),
    "a youth club's, with rows across the table that count the goals": ("""
        Virksomhedsaftale 2019 for Ungdomshuset Kanalen
        | Mål 1 | < |
        | Mål | Flere unge i klubben |
        | Ansvarlig | Klubteamet |
        | Mål 2 | < |
        | Mål | Bedre forældresamarbejde |
        | Ansvarlig | Klubteamet |
        """, """
        > Flere unge i klubben | Leverance hos Klubteamet
        > Bedre forældresamarbejde | Leverance hos Klubteamet
        """),
    "a nursing home's, with the goal across the top and points as handlinger": ("""
        Aftale 2021 for Plejecenter Åbakken
        | Beboerne spiser sammen | < |
        | Handlinger | * Nye borde // * Fast køkkenvagt |
        | Indikator | Antal fælles måltider |
        | Tovholder | Køkkenteamet |
        | Status | Ikke begyndt |
        """, """
        > Beboerne spiser sammen | Leverance hos Køkkenteamet
        > Beboerne spiser sammen > Nye borde | Leverance hos Køkkenteamet
        > Beboerne spiser sammen > Fast køkkenvagt | Leverance hos Køkkenteamet
        """),
    "a road department's, with its theme inside and a target for each year": ("""
        Kontrakt 2018 for Vejafdelingen
        | Indsatsområde | Sikre skoleveje |
        | Effektmål | Flere børn cykler til skole |
        | Baseline | 400 |
        | Mål 2018 | 450 |
        | Mål 2019 | 500 |
        | Ansvarlig | Trafikteamet |
        """, """
        Sikre skoleveje > Flere børn cykler til skole | Mindst 2018=450 2019=500 fra 400 hos Trafikteamet
        """),
    "a music school's, with a title of its own, and what is said first": ("""
        Aftale 2020 for Musikskolen
        | Nr. | 4 |
        | Ansvarlig | Voksenteamet |
        | Mål | Flere voksne spiller |
        | Indikator | Antal voksne elever |
        | Tiltag | Aftenhold // Sommerskole |
        """, """
        > Flere voksne spiller | Leverance hos Voksenteamet
        > Flere voksne spiller > Aftenhold | Leverance hos Voksenteamet
        > Flere voksne spiller > Sommerskole | Leverance hos Voksenteamet
        """),
}
LISTS = {
    "a nursing home's numbered goals under bold themes": ("""
        Aftale mellem Plejecenter Åbakken og Sundhedsforvaltningen 2020-2023
        ! Trivsel
        1. Beboerne er med til at vælge mindst 12 arrangementer om året
        2. Alle beboere har en livshistorie
        ! Faglighed
        3. Sygefraværet er højst 5 %
        """, """
        Trivsel > 1. Beboerne er med til at vælge mindst 12 arrangementer om året | Mindst 12 arrangementer
        Trivsel > 2. Alle beboere har en livshistorie | Leverance
        Faglighed > 3. Sygefraværet er højst 5 % | Højst 5 %
        """),
    "a music school's, with no style at all": ("""
        Virksomhedsplan 2024 for Nordbyens Musikskole
        Indledning
        Musikskolen har mange elever.
        Talent
        1. Der holdes mindst 6 koncerter
        2. Sinfonietten genopstår
        Bredde
        1. Kor på alle skoler
        """, """
        Talent > 1. Der holdes mindst 6 koncerter | Mindst 6 koncerter
        Talent > 2. Sinfonietten genopstår | Leverance
        Bredde > 1. Kor på alle skoler | Leverance
        """),
    "a swimming bath's numbered chapters, with contents, signatures and page numbers": ("""
        Kontrakt 2021 for Svømmehallen
        Indholdsfortegnelse
        Indledning ........ 2
        Mål ........ 3
        1. Indledning
        Her står lidt.
        2. Mål for 2021
        2.1 Flere svømmere
        * Mindst 300 børn går til svømning
        2.2 Renere vand
        * Vandprøver hver uge
        Ansvarlig: Driftsteamet
        3. Underskrifter
        Dato: ________
        Side 3 af 3
        """, """
        2.1 Flere svømmere > Mindst 300 børn går til svømning | Mindst 300 børn
        2.2 Renere vand > Vandprøver hver uge | Leverance hos Driftsteamet
        """),
    "a sports hall's, where contents, page numbers and signatures look like lines of goals": ("""
        Kontrakt 2021 for Sydhallen
        # Mål for 2021
        1. Flere svømmere ........ 2
        2. Renere vand ........ 3
        * Side 2 af 3
        1. Vandet er varmere
        * Dato og underskrift
        * ______________
        """, "> 1. Vandet er varmere | Leverance"),
    "a road department's headings of two levels, with points below points": ("""
        Aftale 2022 for Vejafdelingen
        # Baggrund
        * Byen vokser
        # Sikkerhed
        ## Skoleveje
        * Alle kryds får lys
        ** Krydset ved hallen først
        * Fartdæmpning ved alle skoler
        ## Cykelstier
        * Mindst 10 km ny cykelsti
        """, """
        ! Sikkerhed > Skoleveje > Alle kryds får lys | Leverance
        ! Sikkerhed > Skoleveje > Alle kryds får lys > Krydset ved hallen først | Leverance
        ! Sikkerhed > Skoleveje > Fartdæmpning ved alle skoler | Leverance
        ! Sikkerhed > Cykelstier > Mindst 10 km ny cykelsti | Mindst 10 km
        """),
    "a library's chapters with numbers alone": ("""
        Handleplan 2023 for Biblioteket
        1 Børn
        1.1 Flere lånere
        1.2 Højtlæsning om lørdagen
        2 Voksne
        2.1 Debataftener med højskolen
        """, """
        1 Børn > 1.1 Flere lånere | Leverance
        1 Børn > 1.2 Højtlæsning om lørdagen | Leverance
        2 Voksne > 2.1 Debataftener med højskolen | Leverance
        """),
    "a school's indsatsområder that say what they are": ("""
        Skoleudviklingsplan for Nordskolen 2022
        Indsatsområde 1 – Læsning
        Mål:
        • Alle elever læser hver dag
        • Forældrene er med til læseaftener
        Indsatsområde 2 – Trivsel
        • Nye legeaftaler
        """, """
        Indsatsområde 1 – Læsning > Alle elever læser hver dag | Leverance
        Indsatsområde 1 – Læsning > Forældrene er med til læseaftener | Leverance
        Indsatsområde 2 – Trivsel > Nye legeaftaler | Leverance
        """),
    "a road department's, where numbered chapters stand between goals that say what they are": ("""
        Virksomhedskontrakt 2018 for Vej og Park
        1. Indledning
        Vi passer byens veje.
        2. Udviklingsmål
        Mål 1: Bedre cykelstier
        Vi vil have flere til at cykle.
        Mål 2: Mindre spild
        Succeskriterium: Forbruget af salt falder med 10 %
        3. Opfølgning
        Der følges op hvert kvartal.
        """, """
        > Mål 1: Bedre cykelstier | Leverance
        > Mål 2: Mindre spild | Fald i % 10
        """),
    "a school's, under nothing but its title": ("""
        Aftale 2020 for Vestskolen
        1. Flere elever læser for sjov
        2. Mindst 90 % møder til tiden
        """, """
        > 1. Flere elever læser for sjov | Leverance
        > 2. Mindst 90 % møder til tiden | Mindst 90 %
        """),
}
LABELLED = {
    "a canteen's letters right below the title": ("""
        Aftale for Kantinen 2023
        a. Sund mad hver dag
        b. Mindst 2 menuer
        """, """
        > a. Sund mad hver dag | Leverance
        > b. Mindst 2 menuer | Mindst 2 menuer
        """),
    "a citizens' service's, with what is said of a goal as points below it": ("""
        Kontraktmål 2021 for Borgerservice
        # Fokusområde: Medarbejdere
        * Mål: Trivslen forbedres
        ** Indikator: Trivselsmålingen
        ** Ansvarlig: Ledelsen
        * Mål: Nye lokaler
        ** Frist: 2021
        # Rapportering
        Der rapporteres til udvalget.
        """, """
        Fokusområde: Medarbejdere > Mål: Trivslen forbedres | Leverance hos Ledelsen
        Fokusområde: Medarbejdere > Mål: Nye lokaler | Leverance 2021=x inden 2021
        """),
    "a nature school's, all of it in a table that lays out the page": ("""
        | Sydby Kommune | Sagsnr. 4711 |
        | Driftsaftale 2023 for Naturskolen // Mål for 2023 // * Nye borde i laden // * Sygefraværet må ikke stige | < |
        """, """
        > Nye borde i laden | Leverance
        > Sygefraværet må ikke stige | Må ikke stige
        """),
    "a school's, with labels on lines of their own": ("""
        Resultataftale 2021 for Skovvangskolen
        # Faglighed
        ! Mål
        Eleverne bliver dygtigere til at læse.
        ! Indikator
        Andel gode læsere i de nationale test
        ! Succeskriterium
        Mindst 80 % af eleverne er gode læsere
        ! Ansvarlig
        Læsevejlederen
        # Trivsel
        ! Mål
        Alle elever trives.
        ! Ansvarlig
        Trivselsteamet
        """, """
        Faglighed > Mål: Eleverne bliver dygtigere til at læse. | Mindst 80 % hos Læsevejlederen
        Trivsel > Mål: Alle elever trives. | Leverance hos Trivselsteamet
        """),
    "a nursery's, with questions for labels": ("""
        # Udviklingsplan 2023 for Børnehuset Mælkebøtten
        ## Sprog
        Hvad vil vi opnå?
        Alle børn har et godt sprog.
        Hvordan gør vi?
        * Dialogisk læsning
        ## Natur
        Hvad vil vi opnå?
        Børnene kender skoven.
        """, """
        Sprog > Mål: Alle børn har et godt sprog. | Leverance
        Sprog > Mål: Alle børn har et godt sprog. > Dialogisk læsning | Leverance
        Natur > Mål: Børnene kender skoven. | Leverance
        """),
    "a club's, with headings that only count the goals, and lines broken in the middle": ("""
        title: Virksomhedsplan 2022
        # Mål 1
        Der afholdes 50 klubaftener om
        året.
        # Mål 2
        Forældrene er tilfredse.
        # Økonomi
        Budgettet er 3 mio. kr.
        """, """
        > Mål 1: Der afholdes 50 klubaftener om året. | Mindst 50 klubaftener
        > Mål 2: Forældrene er tilfredse. | Leverance
        """),
    "a house of culture's delmål under bold themes, with signatures": ("""
        Udviklingsplan 2021 for Kulturhuset
        ! 1. Flere unge
        Delmål 1.1: Koncerter for unge
        Delmål 1.2: Et ungeråd
        ! 2. Flere frivillige
        Delmål 2.1: En frivilligfest
        Underskrifter
        Formand Leder
        """, """
        1. Flere unge > Delmål 1.1: Koncerter for unge | Leverance
        1. Flere unge > Delmål 1.2: Et ungeråd | Leverance
        2. Flere frivillige > Delmål 2.1: En frivilligfest | Leverance
        """),
    "a job centre's letters, with a line above the contents": ("""
        Kontrakt 2022 for Jobcenter Syd
        INDHOLD
        1. Formål .......... 1
        2. Mål ............. 2
        1. FORMÅL
        Kontrakten skal sikre sammenhæng.
        2. MÅL
        2.1 Ledige
        a. Mindst 200 virksomhedspraktikker
        b. En fælles indgang
        """, """
        2.1 Ledige > a. Mindst 200 virksomhedspraktikker | Mindst 200 virksomhedspraktikker
        2.1 Ledige > b. En fælles indgang | Leverance
        """),
}
HEADINGS = {
    "a road department's": ("""
        Aftale 2021 for Vejafdelingen
        # Indledning
        Noget om vejene.
        # Mål for 2021
        ## Færre huller i vejene
        Vi lapper hullerne inden 14 dage.
        ## Gladere borgere
        Borgerne kan følge deres henvendelse.
        """, "> Færre huller i vejene | ?\n> Gladere borgere | ?"),
    "a music school's bold lines under a theme": ("""
        Kontrakt 2020 for Musikskolen
        # Talent
        ! Flere i orkester
        Vi spiller sammen hver uge.
        ! Flere på konservatoriet
        Vi hjælper dem, der vil videre.
        """, "Talent > Flere i orkester | ?\nTalent > Flere på konservatoriet | ?"),
    "a sports hall's, where one theme has points and one has none": ("""
        Aftale 2020 for Skovhallen
        # Indsatsområder
        ## Klubberne
        * Nye klubber inviteres
        ## Cafeen
        Cafeen skal være sund.
        """, "Klubberne > Nye klubber inviteres | Leverance\n> Cafeen | ?"),
    "a school's, with chapters after its goals": ("""
        Aftale 2020 for Vestskolen
        # Mål for 2020
        ## Læsning hele dagen
        Vi læser i alle fag.
        # Samarbejde og ledelse
        Vi mødes hver måned.
        * Ledelsen indkalder
        """, "> Læsning hele dagen | ?"),
    "a nursing home's, with its økonomi and underskrift": ("""
        Aftale 2020 for Plejecenter Åbakken
        # Tryghed i hverdagen
        Beboerne kender dem, der kommer.
        # Økonomi
        Rammen er 12 mio. kr.
        # Underskrift
        Sted og dato
        """, "> Tryghed i hverdagen | ?"),
}
CASES = {**KEY_FIGURES, **LABELS, **LISTS, **LABELLED, **HEADINGS}


def rows(goals: tuple[Goal, ...], asked: set[str]) -> list[str]:
    """Say goals in the notation of the tables above."""
    found = []
    for goal in goals:
        m = goal.measure
        years = [f"{year}={'x' if target is None else number(target)}" for year, target in sorted(goal.years.items())]
        target = [number(m.target), m.unit] if m.target is not None else [*years, m.unit]
        said = ["?" if goal.text in asked else m.method.value if m.method else "", *target,
                *(years if m.target is not None else ()),
                f"fra {number(m.baseline)}" if m.baseline is not None else "",
                f"hos {'; '.join(each.name for each in goal.owners)}" if goal.owners else "",
                f"inden {goal.due}" if goal.due else ""]
        one, *rest = goal.texts
        path = " > ".join((f"! {one} " if one else "", *rest)).strip(" >") if one else " > ".join(rest).rstrip(" >")
        found.append(f"{path} | {' '.join(filter(None, said))}".strip())
    return found


def number(value: float | None) -> str:
    return "" if value is None else spoken(value)


@pytest.mark.parametrize("name", CASES)
def test_the_rows_are_those_that_the_coordinator_expects(name: str, tmp_path: Path) -> None:
    text, wanted = CASES[name]
    path = tmp_path / "aftale.docx"
    path.write_bytes(document(text))
    sourced = from_document(path, {})
    asked = {each.text for each in sourced.read.problems if each.code == "doc-heading-goal"}
    found = rows(sourced.read.agreement.goals, asked)
    assert [re.sub(r"\s+", " ", each) for each in found] == [line.strip() for line in wanted.strip().splitlines()]


DESCRIBED = {
    "a column that describes the goal": """
        Aftale 2024 for Museum Vest
        | Mål | Beskrivelse | Ansvarlig |
        | Digital samling | 5.000 genstande registreres i perioden | Samlingen |
        """,
    "a goal whose handlinger have rows of their own": """
        Aftale 2024 for Museum Vest
        # Samlingen
        | Mål | Handling | Ansvarlig |
        | 5.000 genstande registreres i perioden | Nyt system // Oprydning | Samlingen |
        """,
    "the prose under its heading": """
        Aftale 2024 for Museum Vest
        # Mål
        ## Mål 1: Digital samling
        5.000 genstande registreres i perioden.
        ## Mål 2: Nye gæster
        Museet er åbent for alle.
        """,
}


@pytest.mark.parametrize("text", DESCRIBED.values(), ids=list(DESCRIBED))
def test_a_number_in_what_describes_a_goal_is_asked_about_and_makes_it_no_leverance(text: str, tmp_path: Path) -> None:
    path = tmp_path / "aftale.docx"
    path.write_bytes(document(text))
    read = from_document(path, {}).read
    assert read.agreement.goals[0].measure.method is None
    asked = [each for each in read.problems if each.code == "doc-goal-number"]
    assert len(asked) == 1 and "5.000 genstande" in asked[0].message


def test_signatures_are_no_part_of_the_last_goal(tmp_path: Path) -> None:
    path = tmp_path / "aftale.docx"
    path.write_bytes(document("Aftale 2024 for Museet\n# Mål\n* Nye gæster\nUnderskrifter\nFormand og leder"))
    goal, = from_document(path, {}).read.agreement.goals
    assert goal.text == "Nye gæster" and "Formand" not in goal.note


AS_TEXT = {
    "cells on a line each, as a program wrote them": ("""
        Aftale 2020 for Vestskolen
        Udviklingsmål
        Effektmål
        2020
        2021
        Læsning
        Flere læser
        X
        """, [], "doc-cells-on-lines"),
    "headers with what is said of goals": ("""
        Aftale 2020 for Skovhallen
        Mål
        Indikator
        Ansvarlig
        Flere i hallen
        Antal
        Halteamet
        """, [], "doc-cells-on-lines"),
    "numbered goals under themes": ("""
        Aftale 2020 for Skovhallen

        Klubberne
        1. Nye klubber inviteres
        2. Mindst 4 stævner

        Cafeen
        3. Sund mad hver dag
        """, ["Klubberne > 1. Nye klubber inviteres | Leverance", "Klubberne > 2. Mindst 4 stævner | Mindst 4 stævner",
              "Cafeen > 3. Sund mad hver dag | Leverance"], ""),
    "points under headings": ("""
        # Aftale 2020 for Vejafdelingen
        # Mål
        ## Sikre veje
        - Nye fortove
        - Lys ved alle skoler
        """, ["Sikre veje > Nye fortove | Leverance", "Sikre veje > Lys ved alle skoler | Leverance"], ""),
    "key figures with tabs": ("""
        Aftale 2020 for Musikskolen
        Indikator\tMål 2020\tMål 2021
        Elever\t500\t520
        """, ["> Elever | Mindst 2020=500 2021=520"], ""),
    "labels with tabs": ("""
        Aftale 2020 for Plejecenter Åbakken
        Mål\tFærre fald
        Ansvarlig\tSundhedsteamet
        """, ["> Færre fald | Leverance hos Sundhedsteamet"], ""),
}


@pytest.mark.parametrize("name", AS_TEXT)
def test_the_text_form_has_the_same_shapes_and_lost_cells_are_said(name: str, tmp_path: Path) -> None:
    text, wanted, said = AS_TEXT[name]
    path = tmp_path / "aftale.txt"
    path.write_text("\n".join(line.removeprefix(" " * 8) for line in text.splitlines()), encoding="utf-8")
    sourced = from_document(path, {})
    assert rows(sourced.read.agreement.goals, set()) == wanted
    assert bool(said) is (said in {each.code for each in sourced.read.problems if each.code.startswith("doc-cells")})


REPORTED = {
    "2 tabeller er læst som en tabel for hvert mål": "a sports hall's goals down the first column",
    "1 tabel er læst som en tabel med nøgletal": "a music school's key figures",
    "Målene står i teksten under overskrifterne": "a nursing home's numbered goals under bold themes",
}


@pytest.mark.parametrize("wanted", REPORTED)
def test_the_report_says_which_shape_was_used(wanted: str, tmp_path: Path) -> None:
    path = tmp_path / "aftale.docx"
    path.write_bytes(document(CASES[REPORTED[wanted]][0]))
    assert f"{wanted}." in from_document(path, {}).said


FACTS = {
    "Resultatkontrakt mellem Teknik- og Miljøforvaltningen og Vejafdelingen 2020-2023":
        ("Vejafdelingen", "Teknik- og Miljøforvaltningen", "", "2020-2023"),
    "Udviklingsplan 2019–2022 for Sydbyens Musikskole": ("Sydbyens Musikskole", "", "", "2019-2022"),
    "Aftale mellem Skovhallen og Kulturforvaltningen for 2021": ("Skovhallen", "Kulturforvaltningen", "2021", ""),
    "Kontrakt 2018/2019 for Vestskolen": ("Vestskolen", "", "", "?"),
    "Aftale for Vestskolen\nPeriode: 2018/2019": ("Vestskolen", "", "", "?"),
    "Kontrakt for Vestskolen\nKontraktperiode: 1. januar 2018 – 31. december 2019": ("Vestskolen", "", "", "2018-2019"),
    "Virksomhedsplan for Brandvæsenet\n2020 - 2022": ("Brandvæsenet", "", "", "2020-2022"),
    "Aftale for Plejecenter Åbakken": ("Plejecenter Åbakken", "", "", "??"),
    "Aftale 2020\nDer er sammenhæng mellem Byrådets mål og Hverdagen": ("", "", "2020", ""),
    "Virksomhedsplan 2022\n| Mellem | Teknisk Forvaltning |\n| og | Vejafdelingen |":
        ("Vejafdelingen", "Teknisk Forvaltning", "2022", ""),
    "Driftskontrakt\n| Kontraktholder: | Skovhallen |\n| Kontraktgiver: | Kultur |\n| Kontraktperiode: | 2023-2024 |":
        ("Skovhallen", "Kultur", "", "2023-2024"),
    "Virksomhedsplan 2022\n| Enhed | Skovhallen |\n| Forvaltning | Kultur og Fritid |":
        ("Skovhallen", "Kultur og Fritid", "2022", ""),
}
"""What a document begins with, and its unit, department, year and period; `?` where a school year is asked about, `??` where
no year is said."""


@pytest.mark.parametrize("text", FACTS)
def test_parties_year_and_period_are_read_or_asked_about(text: str, tmp_path: Path) -> None:
    path = tmp_path / "aftale.docx"
    path.write_bytes(document(f"{text}\n# Mål\n* Flere glade børn"))
    read = from_document(path, {}).read
    facts = [canonical(read.agreement.facts.get(key)) for key in ("enhed", "afdeling", "aar", "periode")]
    codes = {each.code for each in read.problems}
    asked = "?" * (1 if "doc-year-slash" in codes else 2 if "doc-year-missing" in codes else 0)
    assert (*facts[:3], facts[3] or asked) == FACTS[text]
    assert (read.agreement.year == 0) is bool(asked)


def test_without_a_year_the_workbook_has_no_columns_of_years(tmp_path: Path) -> None:
    path = tmp_path / "aftale.docx"
    path.write_bytes(document("Aftale for Vestskolen\n# Mål\n* Flere glade børn"))
    write_all(list(generer(path, tmp_path / "aftale.xlsx", template_path()).files))
    row, = goal_rows(tmp_path / "aftale.xlsx")
    assert row["Effektmål"] == "Flere glade børn" and not [header for header in row if header.isdigit()]
