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
               "konkret mål", "årets mål", "målet", "indsatsmål", "ønsket effekt", "hvad vil vi opnå", "hvad vil vi"),
    "sub": ("delmål", "handling", "handlinger", "konkrete handlinger", "indsats", "indsatser", "aktivitet", "aktiviteter",
            "tiltag", "initiativ", "initiativer", "milepæl", "milepæle", "leverance", "leverancer", "opgave", "opgaver",
            "hvad gør vi", "hvordan gør vi", "sådan gør vi", "projekt", "projekter"),
}
"""Headers of the columns that hold the goals themselves, by level."""

FIELD_HEADERS: Mapping[str, tuple[str, ...]] = {
    "id": ("mål-id", "målid"),
    "indicator": ("indikator", "indikatorer", "succeskriterie", "succeskriterier", "succeskriterium", "kriterium",
                  "kriterier", "målepunkt", "målepunkter", "måling", "målemetode", "hvordan måles det",
                  "hvordan måles målet", "sådan måler vi", "sådan måles det", "hvordan ser vi det",
                  "hvordan kan vi se det", "tegn", "dokumentation"),
    "target": ("måltal", "mål tal", "målværdi", "resultatkrav", "krav", "ambition", "måltal i alt"),
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
            "indhold", "læsevejledning", "evaluering", "status", "forord", "fakta", "rapportering", "afrapportering",
            "ikrafttræden", "misligholdelse", "genforhandling", "opsigelse", "påtegning")
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
"""Numbers in letters. »en« and »et« are numbers only after »mindst« and the like."""

SCALES: Mapping[str, float] = {
    "hundrede": 1e2, "tusind": 1e3, "tusinde": 1e3, "mio": 1e6, "million": 1e6, "millioner": 1e6, "mia": 1e9,
    "milliard": 1e9, "milliarder": 1e9,
}
"""Words after a number that make it so many times as large: »1,2 mio. besøg«."""

ABBREVIATIONS = frozenset(("bl.a", "f.eks", "feks", "fx", "ca", "evt", "inkl", "ekskl", "jf", "jvf", "kl", "m.m", "m.fl",
                           "m.v", "mv", "mht", "nr", "pr", "pct", "vedr", "hhv", "min", "maks", "max", "mio", "mia", "kr",
                           "tlf", "st", "s", "stk", "osv", "dvs", "d.d", "dr", "sml", "o.l", "o.a", "p.t", "pga", "ift",
                           "ang", "tkr", "t.kr", "resp", "gns", "udg", "bilag"))
"""Words whose dot doesn't end a sentence."""

LEAST = (r"(?<!ikke )mindst", r"(?:som )?minimum", "minimalt", r"min\.", "ikke (?:under|mindre end|færre end)")
MOST = ("højst", "højest", "maksimalt", r"(?:som )?maksimum", r"maks\.?", r"max\.?",
        r"ikke (?:være |ligge |komme )?(?:over|mere end|flere end)", r"ikke over(?:stige|skride)[rs]?")
"""Words that a number is the least, or the most, after."""
UP = (r"øge[rs]?", r"stige[rs]?", r"stigning(?:en)?", r"vokse[rs]?", r"vækst", r"hæve[rs]?", r"løfte[rs]?", r"forbedre[rs]?",
      r"forøge[rs]?", r"udvide[rs]?", "fremgang")
DOWN = (r"falde[rs]?", "fald", r"reducere[rs]?", r"reduktion(?:en)?", r"mindske[rs]?", r"nedbringe(?:[rs]|lse)?",
        r"sænke[rs]?", r"nedsætte[rs]?", r"besparelse(?:n)?")
"""Words of what is to grow or to fall, »med 5 %«, »til 80« or »fra 100 til 120«."""
KEEP = ("fastholde[rs]?", "bevare[rs]?", "opretholde[rs]?", "(?:er|forbliver|holdes) uændret",
        "må ikke (?:falde|blive lavere)")
NO_RISE = ("må ikke (?:stige|øges|vokse|blive (?:højere|større|længere))",)
RISE = ("øge[rs]?", "stiger?", "vokser?", "hæve[rs]?", "forøgelse af", "(?:stigning|vækst|fremgang) i")
FALL = ("falder?", "reducere[rs]?", "mindske[rs]?", "nedbringe[rs]?", "sænke[rs]?", "(?:nedbringelse|reduktion) af",
        "fald i")
"""Words that say which way something goes that has no number."""
MEASURED = (r"antal\w*", r"andel\w*", r"\w+tal(?:let)?", r"\w*udlån\w*", r"\w*besøg\w*", r"\w*tilfredshed\w*",
            r"\w*fravær\w*", r"\w*frafald\w*", r"\w*(?:vente|svar|behandlings|åbnings)tid\w*", r"\w*klager\w*",
            r"\w*udgift\w*", r"\w*indtægt\w*", r"\w*forbrug\w*", r"\w*procent\w*", r"\w*grad(?:en)?", r"\w*score\w*",
            r"\w*karakter\w*", r"\w*takst\w*", r"\w*ledighed\w*", r"\w*mængde\w*", r"\w*udledning\w*", r"\w*omsætning\w*")
"""What has a number, though none stands there: only that can stiger, falder or fastholdes."""

BETTER_LITTLE = (r"(?:færre|mindre|lavere|kortere)\b", r"\w*(?:svar|behandlings|udryknings|respons|ligge|leverings)tid",
                 r"\w*(?:uheld|ulykke|skader|fejl\b|spild\b)", r"\w*(?:energi|vand|el|varme|brændstof)forbrug", "co[2₂]",
                 r"\w*udledning", r"\w*indlæggelse", r"\w*magtanvendelse", "utilsigtede hændelser", r"\w*underskud",
                 r"\w*restance", r"\w*ledig(?:e\b|hed)", r"\w*afvigelse", r"\w*sygedage", r"\w*overskridelse", r"\w*rykker")
"""What there should hardly be more of: a number beside it in a table may as well be the most."""

_DONE = ("afhold", "hold", "gennemfør", "etabler", "oprett", "indled", "igangsætt?", "iværksætt?", "søsætt?", "start",
         "udbyd", "arranger", "tilbyd", "udarbejd", "udgiv", "udvikl", "åbn", "plant", "opsætt", "uddann", "lav", "lever",
         "besøg", "inviter", "modtag", "rekvirer", "udsend", "opfør", "formidl", "begynd")
DOING = (rf"(?:{'|'.join(_DONE)})(?:er|es|e)", "(?:indgå|opnå|få)[rs]?", r"samarbejde[rs]? med", "deltage[rs]? i",
         "omsættes til", "bliver? til", "at omfatte", "udmønte[rs]? sig i", "(?:etabler|udvikl)ing af",
         "(?:afhold|gennemfør|opret|indgå|udgiv|uddann|udarbejd|sætt)else af")
"""Words that a number of what is done may follow: »afholdes 5 møder«, »etablering af 3 hold«."""
STATES = ("er", "være", "ligge[r]?", "har", "have", "holde[rs]?", "nå[r]?", "kommer?", "få[r]?", "forbliver?", "opnår?")
"""Verbs that »over 80 %« and »under 5 klager« are a target after; elsewhere they say where or of what age."""

NO_NOUNS = frozenset(("i", "på", "med", "for", "til", "af", "om", "ved", "fra", "hos", "under", "over", "mellem", "pr",
                      "per", "og", "eller", "som", "der", "inden", "via", "omkring", "gennem", "fordelt", "hver", "hvert",
                      "hvor", "samt", "men", "ud", "op", "ind", "ned", "er", "har", "bliver", "skal", "kan", "vil",
                      "deltager", "får", "at", "efter", "blandt", "når", "så", "målt", "afholdes", "gennemføres",
                      "etableres", "uden", "mod", "alle", "ikke", "hele", "begge", "kun", "også", "ca", "uge"))
"""Words that end what is counted: »3 samarbejder med interessenter« counts samarbejder."""
ADJECTIVES = ("nye", "ny", "nyt", "fælles", "store", "stort", "små", "faste", "fast", "åbne", "åbent", "andre",
              "forskellige", "egne", "lokale", "ekstra", "gratis", "korte", "lange", "unikke", "yderligere", "tilfredse",
              "frie", "flere", r"\w+(?:ende|lige|isk|iske|ede|ale|elle|ive|ære|bare|sig|igt)")
"""Words that stand between a number and what is counted: »3 tværgående events«."""
AGES = ("år", "års", r"årig\w*", r"klasse\w*")
"""What a number never counts: »børn under 5 år«, »mindst 3 års erfaring«."""
DURATIONS = (r"hverdag\w*", "sygedage?", "dag(?:e|es)?", "døgn", "uger?s?", r"måned\w*", "timer?s?", r"minut\w*")
"""What a number counts only where a time is spoken of: »ventetiden er højst 5 dage«."""

PARTS = ("heraf", "hvoraf", "deraf", "herunder", "heriblandt")
"""Words that a part of what was counted stands after: it is no target of its own."""
OTHER_PERIODS = (r"(?:pr\.?|per) \w+", r"hvert?(?: \w+)?", "begge", "(?<!af )(?:alle|samtlige)",
                 "(?:om|i) (?:ugen|måneden|dagen|timen|døgnet)", r"ugentlig\w*", r"månedlig\w*", r"daglig\w*",
                 r"\w*kvartal\w*", r"\w*halvår\w*", r"\w*skoleår\w*", r"\w*sæson(?:en|er)?", "ad gangen",
                 "(?:de|den|det) enkelte", "leveår")
"""How often, or for each of what, where it isn't the year: a row has no room for it."""
AMOUNTS = ("hvert? (?:anden|andet|tredje|fjerde|femte|sjette|syvende|ottende|niende|tiende)", "halvdelen", "halvparten",
           r"\w*(?:tredje|fjerde|femte|sjette|ottende|tiende)del\w*", "dobbelt", r"\w*(?:halver|dobl)(?:e[rs]?|ing(?:en)?)",
           "flertal(?:let)?", "halvand(?:en|et)", "ingen", "intet", "(?:et )?par", r"(?:mindst|minimum|højst|maks\w*) e[nt]",
           "(?:snese|hundred|tusind)vis")
"""Amounts in words that are no numbers: a goal that names one has something to measure."""
DOUBTS = (r"ca\.?", "cirka", "(?:op til|indtil|mellem|omkring|omtrent|knap|godt|næsten|kun|kan|de|disse) [#§]",
          r"(?:%|pct\.?|procent)[- ]?points?", "procentpoints?", "samle[dt]e? til", "sammen til", "sammenlagt", "tilsammen",
          "lægges sammen", r"gennemsnitlig\w*", "i gennemsnit", r"t\.?kr", "ikke(?! mindst)", "aldrig", "hverken",
          "uden(?! for)", r"undgå\w*", "næppe", "frem for", "i stedet for", "hvis", "såfremt", "medmindre", "forudsat",
          "dog", "men", "gerne", "undtagen", "fremover", "herefter", "derefter",
          "(?:status|resultat|baseline|udgangspunkt) ?:", r"(?<=, )(?:der|som) (?:\w+ ){0,3}§",
          r"(?!(?:samarbejd|indgå|aftal|partnerskab|dialog)\w* )\w+ med §", "bortset fra", r"eventuel\w*", r"evt\.?",
          "eller (?:færre|mindre|derunder|lavere|under|flere|mere|derover)",
          "(?:mere|flere|færre|mindre|lavere|højere|bedre) end", r"begræns\w*", "loft", r"overskrid\w*", r"overstig\w*",
          r"#(?: ?(?:%|pct\.?|procent))? (?:flere|færre|mere|mindre|højere|lavere|større|bedre)", "var", "havde", "blev",
          "fik", "nåede", "steg", "faldt", "lå", "kom", "i dag", r"p\.t\.?", "aktuelt", "sidste år", "i fjor",
          r"\w+(?:ens|ets|ernes) § #", r"# (?:%|pct\.?|procent) (?:under|over)", "hidtil", "nuværende",
          r"har (?:\w+ )?(?:haft|været|afholdt|gennemført|nået|fået|modtaget|besøgt|deltaget|oprettet)")
"""Words that make a sentence doubtful: more, or something else, is said than one number. # is the number, § »mindst«."""
