"""What the columns and headings of other units' agreements are called, and what they are to us.

Someone who can't program can proofread this file: the key is ours, the words are theirs (folded: small letters, no marks).
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
"""Words that begin a line of a document without tables and tell which level it is: «Effektmål 1.2: …»."""

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
