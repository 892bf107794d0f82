"""The words that targets in Danish prose are read by.

Someone who can't program can proofread this file; all is in small letters.
"""

from __future__ import annotations

from collections.abc import Mapping

NUMBER_WORDS: Mapping[str, int] = {
    "nul": 0, "én": 1, "ét": 1, "een": 1, "eet": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7,
    "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16,
    "sytten": 17, "atten": 18, "nitten": 19, "tyve": 20, "femogtyve": 25, "tredive": 30, "fyrre": 40, "halvtreds": 50,
    "tres": 60, "halvfjerds": 70, "firs": 80, "halvfems": 90, "hundrede": 100, "tohundrede": 200, "femhundrede": 500,
    "tusind": 1000,
}
"""Numbers in letters. «en» and «et» are numbers only after words such as «mindst»."""

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
"""Words that end what is counted: «3 samarbejder med interessenter» counts samarbejder."""

DESCRIBING = ("nye", "ny", "nyt", "flere", "færre", "fælles", "store", "stort", "små", "faste", "fast", "åbne", "andre",
              "forskellige", "lokale", "ekstra", "gratis", "korte", "lange", "unikke", "aktive", "frivillige", "tilfredse")
DESCRIBING_ENDINGS = ("ende", "lige", "iske", "ede", "ale", "elle", "ive", "ære", "bare", "sig")
"""Words, and endings of words, that stand between a number and what is counted: «3 tværgående events»."""

NO_TARGETS = frozenset((
    "år", "års", "årige", "måneder", "måned", "uger", "uge", "dage", "dag", "timer", "time", "minutter", "kr",
    "kroner", "mio", "mia", "tkr", "t.kr", "klasse", "klasser", "årig", "januar", "februar", "marts", "april", "maj",
    "juni", "juli", "august", "september", "oktober", "november", "december", "kvartal", "halvår", "side", "sider",
    "stk",
))
"""What a number without «mindst» or «højst» before it never counts: ages, dates, money, classes."""
DURATIONS = frozenset(("dage", "dag", "timer", "uger", "minutter"))
"""Those of them that are a target all the same after «højst»."""
