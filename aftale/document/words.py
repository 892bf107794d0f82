"""The words that documents are read by: what columns and headings are called, and how targets are put in Danish prose.

Someone who can't program can proofread this file; the words are in small letters, the keys are ours.
"""

from __future__ import annotations

from collections.abc import Mapping

LEVEL_HEADERS: Mapping[str, tuple[str, ...]] = {
    "development": ("udviklingsmål", "overordnet mål", "overordnede mål", "overordnet målsætning", "vision", "pejlemærke",
                    "pejlemærker", "strategisk mål", "strategiske mål", "hovedmål", "målområde", "strategispor"),
    "focus": ("fokusområde", "fokusområder", "indsatsområde", "indsatsområder", "område", "delområde", "emne", "fokus",
              "tema", "temaer"),
    "effect": ("effektmål", "effekt mål", "effekt", "mål", "målsætning", "målsætninger", "resultatmål", "konkrete mål",
               "konkret mål", "årets mål", "målet", "indsatsmål", "ønsket effekt"),
    "sub": ("delmål", "handling", "handlinger", "konkrete handlinger", "indsats", "indsatser", "aktivitet", "aktiviteter",
            "tiltag", "initiativ", "initiativer", "milepæl", "milepæle", "leverance", "leverancer", "opgave", "opgaver",
            "hvad gør vi", "sådan gør vi", "projekt", "projekter"),
}
"""Headers of the columns that hold the goals themselves, by level."""

FIELD_HEADERS: Mapping[str, tuple[str, ...]] = {
    "id": ("mål-id", "målid"),
    "indicator": ("indikator", "indikatorer", "succeskriterie", "succeskriterier", "succeskriterium", "kriterium",
                  "kriterier", "målepunkt", "målepunkter", "måling", "målemetode", "hvordan måles det",
                  "hvordan måles målet", "sådan måler vi", "sådan måles det", "tegn", "dokumentation"),
    "target": ("måltal", "mål tal", "målværdi", "resultatkrav", "ambition", "måltal i alt"),
    "baseline": ("udgangspunkt", "baseline", "nulpunkt", "startniveau", "nuværende niveau", "udgangspunktet"),
    "unit": ("måleenhed", "enhed"),
    "scope": ("opgøres",),
    "method": ("måltype",),
    "owners": ("ansvarlig", "ansvarlige", "ansvar", "tovholder", "tovholdere", "hvem", "hvem gør det", "projektleder",
               "ansvarlig enhed", "hvem er ansvarlig"),
    "emails": ("e-mail", "email", "mail"),
    "deadline": ("tidsfrist", "frist", "deadline", "tid", "tidsplan", "tidspunkt", "hvornår", "tidshorisont", "slutdato",
                 "årstal", "år", "periode", "tidsramme", "færdig"),
    "policy": ("politik", "politikker", "strategi", "sektorpolitik", "politisk mål"),
    "demands": ("kse-krav", "kse krav"),
    "budget": ("budget", "økonomi", "ressourcer", "ressource", "finansiering"),
    "note": ("note", "noter", "bemærkning", "bemærkninger", "kommentar", "kommentarer"),
}
"""Headers of the columns that say something about a goal; every other column goes to Note under its own name."""

LABELS: Mapping[str, str] = {
    "udviklingsmål": "development", "fokusområde": "focus", "indsatsområde": "focus", "effektmål": "effect", "mål": "effect",
    "delmål": "sub", "handling": "sub", "indsats": "sub", "aktivitet": "sub"}
"""Words that begin a line of a document without tables and tell which level it is: »Effektmål 1.2: …«."""

NO_GOALS = ("generelt", "indledning", "formål", "baggrund", "om aftalen", "om dialog", "vilkår", "økonomi", "ramme",
            "opfølgning", "underskrift", "organisation", "præsentation", "gyldighed", "parter", "tema", "kontakt", "bilag",
            "indhold", "læsevejledning", "evaluering", "status", "forord", "fakta")
"""What headings begin with, or hold, whose lists are no goals."""
GOALS = ("mål", "indsats", "fokus", "udvikling", "pejlemærke", "strategispor")
"""What headings hold that goals stand under."""

TOTALS = ("i alt", "ialt", "sum", "total", "totalt", "samlet", "sum i alt", "samlet sum", "samlet antal", "antal i alt",
          "kryds i alt", "mål i alt")
"""What a row is called that only sums up the rows above it."""
NOT_THIS_YEAR = ("nej", "ikke", "ingen", "intet", r"udgå\w*", "udgik", r"udskud\w*", "udskydes", r"bortfald\w*", r"aflys\w*",
                 "sløjfet", "slettet", "droppet", "stoppet", "n/a")
"""Words under a year that say that nothing happens then (with ``\\w*`` where they have several endings)."""

# ---------------------------------------------------------------- targets in prose

NUMBER_WORDS: Mapping[str, int] = {
    "nul": 0, "én": 1, "ét": 1, "een": 1, "eet": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7,
    "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16,
    "sytten": 17, "atten": 18, "nitten": 19, "tyve": 20, "femogtyve": 25, "tredive": 30, "fyrre": 40, "halvtreds": 50,
    "tres": 60, "halvfjerds": 70, "firs": 80, "halvfems": 90, "hundrede": 100, "tohundrede": 200, "femhundrede": 500,
    "tusind": 1000,
}
"""Numbers in letters. »en« and »et« are numbers only after words such as »mindst«."""

SCALES: Mapping[str, float] = {
    "hundrede": 1e2, "tusind": 1e3, "tusinde": 1e3, "mio": 1e6, "million": 1e6, "millioner": 1e6, "mia": 1e9,
    "milliard": 1e9, "milliarder": 1e9,
}
"""Words after a number that make it so many times as large: »1,2 mio. besøg«."""

TIMES_AS_MUCH: Mapping[str, tuple[str, float]] = {
    "halveres": ("Fald i %", 50.0), "halvere": ("Fald i %", 50.0), "halvering": ("Fald i %", 50.0),
    "fordobles": ("Stigning i %", 100.0), "fordoble": ("Stigning i %", 100.0), "fordobling": ("Stigning i %", 100.0),
    "tredobles": ("Stigning i %", 200.0), "tredoble": ("Stigning i %", 200.0), "firedobles": ("Stigning i %", 300.0),
}
"""Verbs that are a percentage, with their måltype."""

ABBREVIATIONS = frozenset((
    "bl.a", "f.eks", "feks", "fx", "ca", "evt", "inkl", "ekskl", "jf", "jvf", "kl", "m.m", "m.fl", "m.v", "mv", "mht",
    "nr", "pr", "pct", "vedr", "hhv", "min", "maks", "max", "mio", "mia", "kr", "tlf", "st", "s", "stk", "osv", "dvs",
    "d.d", "dr", "sml", "o.l", "o.a", "p.t", "pga", "ift", "ang", "tkr", "t.kr", "resp", "gns", "udg", "bilag",
))
"""Words whose dot doesn't end a sentence."""

NOT_COUNTED_ON = frozenset((
    "i", "på", "med", "for", "til", "af", "om", "ved", "fra", "hos", "under", "over", "mellem", "pr", "per", "årligt",
    "hvert", "og", "eller", "som", "der", "bl.a", "inden", "via", "omkring", "gennem", "fordelt", "heraf", "hver",
    "hvor", "samt", "men", "ud", "op", "ind", "ned", "er", "har", "bliver", "skal", "kan", "vil", "deltager", "får",
    "at", "årlige", "årlig", "efter", "blandt", "når", "så", "målt", "afholdes", "gennemføres", "etableres", "uden",
    "mod", "alle", "alt", "ikke", "ugentligt", "månedligt", "hele", "begge", "kun", "også", "ca",
))
"""Words that end what is counted: »3 samarbejder med interessenter« counts samarbejder."""

DESCRIBING = ("nye", "ny", "nyt", "flere", "færre", "fælles", "store", "stort", "små", "faste", "fast", "åbne", "andre",
              "forskellige", "lokale", "ekstra", "gratis", "korte", "lange", "unikke", "aktive", "frivillige", "tilfredse")
DESCRIBING_ENDINGS = ("ende", "lige", "iske", "ede", "ale", "elle", "ive", "ære", "bare", "sig")
"""Words, and endings of words, that stand between a number and what is counted: »3 tværgående events«."""

NO_TARGETS = frozenset((
    "år", "års", "årige", "måneder", "måned", "uger", "uge", "dage", "dag", "timer", "time", "minutter", "kr",
    "kroner", "mio", "mia", "tkr", "t.kr", "klasse", "klasser", "årig", "januar", "februar", "marts", "april", "maj",
    "juni", "juli", "august", "september", "oktober", "november", "december", "kvartal", "halvår", "side", "sider",
    "stk",
))
"""What a number without »mindst« or »højst« before it never counts: ages, dates, money, classes."""
DURATIONS = frozenset(("dage", "dag", "timer", "uger", "minutter"))
"""Those of them that are a target all the same after »højst«."""

AGES = frozenset(("år", "års", "årige", "årig", "årigt", "klasse", "klasser", "klassetrin"))
"""What a number never counts, whatever stands before it: »børn under 5 år«, »mindst 3 års erfaring«."""

DENYING = (r"ikke(?! (?:under|over|mindre|mere|færre|flere|kun|alene|blot|bare)\b)", "aldrig", "ingen", "intet", "hverken",
           "uden at", "næppe", r"undgå[rs]?", r"forhindre[rs]?", "frem for", "i stedet for")
"""Words that turn what comes after them into the opposite."""
LIMITING = ("højst", "højest", r"maks\w*", "max", "op til", "indtil", "ned på", "ned til", "ned under", "ned i",
            r"(?:være|ligge[r]?|holdes|komme[r]?|forblive[r]?) under", "færre end", "mindre end", "lavere end",
            r"overstige[rs]?", r"overskride[rs]?", "loft", r"øvre grænse\w*")
"""Words that make of a number the most that may be."""
LIMITING_AFTER = ("eller færre", "eller mindre", "eller derunder", "eller lavere", "eller under", "højst", r"maks\w*", "max")
"""Those of them that stand after the number: »5 klager eller færre«."""
BEFORE_NOW = ("havde", "var", "blev", "fik", "nåede", "steg", "faldt", "lå", "kom", "deltog", "holdt vi", "i dag",
              r"har (?:\w+ )?(?:haft|været)", "i øjeblikket", "på nuværende tidspunkt", r"p\.t", "aktuelt", "sidste år",
              "i fjor", "hidtil", "tidligere")
"""Words of a sentence that tells how it is or has been, and not what is wanted."""
DONE = (r"har (?:\w+ )?(?:holdt|afholdt|gennemført|nået|fået|modtaget|besøgt|deltaget|udlånt|oprettet|etableret)",)
"""Words that may tell of what has been done, where no »mindst« or »højst« says that it is wanted."""
OTHER_PERIODS = (
    r"(?:pr\.?|per) (?!år\b|[0-9]{1,2}\.|aftaleår)\w+", r"hver(?:t)? (?!år\b|enkelt år\b|af årene\b|eneste år\b)\w+",
    r"(?:om|i) (?:ugen|måneden|dagen|kvartalet|halvåret|timen|døgnet|kvartal)", r"ugentlig\w*", r"månedlig\w*", r"daglig\w*",
    r"halvårlig\w*", r"kvartal(?:svis|årlig)\w*", r"kvartals\w+",
)
"""How often, or for each of what, where it isn't the year: a row has no room for it."""
AMOUNTS = (r"hver(?:t)? (?:anden|andet|tredje|fjerde|femte|sjette|syvende|ottende|niende|tiende)", "halvdelen",
           "halvparten", r"\w*(?:tredje|fjerde|femte|sjette|ottende|tiende)dele?(?:n|ne)?", "dobbelt",
           r"flertal(?:let)?", r"halvand(?:en|et)", r"(?:mindst|minimum|højst|maks\w*) e[nt]", "ingen", "intet")
"""Amounts in words that are no numbers: a goal that names one has something to measure."""
