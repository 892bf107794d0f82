"""What a person typed as a status: one of the eight, read by a rule, or asked about."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping

from aftale.cells.reading import LONGEST, Read, ask, did_you_mean, is_empty
from aftale.model.agreement import Status
from aftale.model.text import fold

_STATUS_KEYS: Mapping[str, Status] = {fold(status.value): status for status in Status}
_STATUS_KEYS_UNSPACED = {name.replace(" ", ""): status for name, status in _STATUS_KEYS.items()}
_WORDS_BY_STATUS: Mapping[Status, tuple[str, ...]] = {
    Status.MET: ("nået", "opnået", "indfriet", "gennemført", "udført", "fuldført", "afsluttet", "opfyldt ja",
                 "ja opfyldt", "fuldt opfyldt", "helt opfyldt", "fuldt nået", "helt nået"),
    Status.EXPECTED: ("forventes nået", "forventes opnået", "forventes indfriet", "forventes gennemført"),
    Status.NOT_EXPECTED: ("forventes ikke nået", "forventes ikke opnået", "forventes ikke indfriet",
                          "forventes ikke gennemført"),
    Status.PARTLY: ("delvis", "delvist", "delvist nået", "delvis nået", "delvist opnået", "delvis opnået",
                    "delvist indfriet", "delvis indfriet", "delvist gennemført", "delvis gennemført",
                    "til dels opfyldt", "til dels nået"),
    Status.NOT_MET: ("ikke nået", "ikke opnået", "ikke indfriet", "ej opfyldt", "ej nået", "nej ikke opfyldt"),
    Status.NOT_STARTED: ("ikke startet", "ikke begyndt", "ikke påbegyndt", "ikke i gang", "ikke igang",
                         "ikke sat i gang", "ej igangsat", "ej påbegyndt", "endnu ikke startet",
                         "endnu ikke begyndt", "endnu ikke igangsat", "endnu ikke påbegyndt",
                         "ikke startet endnu", "ikke begyndt endnu", "ikke igangsat endnu", "ikke påbegyndt endnu"),
    Status.AWAITING: ("afventer måling", "afventer tal", "afventer resultat", "afventer resultater",
                      "afventer undersøgelse", "venter på data", "venter på måling", "venter på tal"),
    Status.DROPPED: ("udgår", "bortfaldet", "bortfalder"),
}
_STATUS_WORDS: Mapping[str, Status] = {word: status for status, words in _WORDS_BY_STATUS.items() for word in words}
_SEVERAL_STATUSES: tuple[tuple[tuple[str, ...], tuple[Status, ...]], ...] = (
    (("i gang", "igang", "igangsat", "sat i gang", "påbegyndt", "startet", "begyndt", "på vej", "undervejs",
      "på sporet", "følger planen", "efter planen", "som planlagt", "næsten", "næsten nået", "næsten opfyldt"),
     (Status.EXPECTED, Status.PARTLY)),
    (("ok", "okay", "fint", "godt", "grøn", "grønt", "klar", "ja", "x", "færdig", "færdigt", "done", "sand", "true"),
     (Status.MET, Status.EXPECTED)),
    (("gul", "gult", "lysegrøn"), (Status.PARTLY, Status.EXPECTED)),
    (("orange",), (Status.NOT_EXPECTED, Status.PARTLY)),
    (("rød", "rødt", "nej", "falsk", "false", "ikke færdig", "ikke færdigt", "ikke gennemført", "ikke udført",
      "ikke afsluttet", "ikke endnu", "endnu ikke"), (Status.NOT_MET, Status.NOT_EXPECTED, Status.NOT_STARTED)),
    (("grå", "gråt", "afventer", "venter", "mangler", "mangler data", "udsat"),
     (Status.AWAITING, Status.NOT_STARTED)),
    (("droppet", "aflyst", "opgivet", "stoppet", "undgået", "slettet"), (Status.DROPPED, Status.NOT_MET)),
)
_AMBIGUOUS_STATUS = {word: statuses for words, statuses in _SEVERAL_STATUSES for word in words}
_STATUS_OPENING = re.compile(r"(?:status )?(?:(?:(?:del|effekt)?målet|mål) )?(?:er )?")
_STATUS_MARKS = re.compile(r"[.,;:!()\"'«»]")
_PERCENT_DONE = re.compile(r"[0-9]+(?:[.,][0-9]+)? ?(?:%|pct|procent).*")
_CHOOSE_STATUS = "Vælg en af de otte statusser på listen."


def read_status(raw: object) -> Read:
    """Read a status; the value is the text of a `Status`.

    Other words with one certain meaning and plain typing errors are read by a rule. A negation is never gained or
    lost on the way.
    """
    if is_empty(raw):
        return Read()
    if isinstance(raw, bool):
        return _which_status(_AMBIGUOUS_STATUS["ja" if raw else "nej"])
    if not isinstance(raw, str):
        return _which_status((Status.MET,)) if raw == 1 else ask("status-unknown", _CHOOSE_STATUS)
    plain = unicodedata.normalize("NFC", raw)
    if plain in tuple(Status):
        return Read(Status(plain).value)
    return _status_from_text(" ".join(_STATUS_MARKS.sub(" ", fold(raw)).replace("aa", "å").split()))


def _status_from_text(key: str) -> Read:
    status = _STATUS_KEYS_UNSPACED.get(key.replace(" ", ""))
    if status:
        return Read(status.value, rule="status-spelling")
    opening = _STATUS_OPENING.match(key)
    word = key[opening.end():] if opening else key
    status = _STATUS_WORDS.get(word) or _STATUS_KEYS.get(word)
    if status:
        return Read(status.value, rule="status-word")
    if word in _AMBIGUOUS_STATUS:
        return _which_status(_AMBIGUOUS_STATUS[word])
    if _PERCENT_DONE.fullmatch(word):
        return _which_status((Status.MET,) if re.match("100 ?[%p]", word) else (Status.PARTLY, Status.EXPECTED))
    status = _misspelt(key)
    if status:
        return Read(status.value, rule="status-near")
    like = _statuses_like(word)
    return ask("status-ambiguous" if "?" in key and like else "status-unknown",
                did_you_mean(f"»{status.value}«" for status in like) if like else _CHOOSE_STATUS)


def _which_status(statuses: tuple[Status, ...]) -> Read:
    return ask("status-ambiguous", did_you_mean(f"»{status.value}«" for status in statuses))


def _misspelt(key: str) -> Status | None:
    """Return the one status that a text is a misspelling of.

    Word by word, with the same number of words and the same first letters: so «opfylt» is found, but «uopfyldt»,
    «næsten opfyldt» and a lost «ikke» never are.
    """
    if not re.fullmatch("[a-zæøåé -]{1,60}", key):
        return None
    near = [status for name, status in _STATUS_KEYS.items()
            if _ratio(key, name) >= 0.85 and _like_words(key.split(), name.split())]
    return near[0] if len(near) == 1 else None


def _like_words(given: list[str], wanted: list[str]) -> bool:
    return len(given) == len(wanted) and all(a[0] == b[0] and _ratio(a, b) >= 0.8
                                             for a, b in zip(given, wanted, strict=True))


def _ratio(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def _statuses_like(word: str) -> list[Status]:
    """Return the one or two statuses that a text looks like, to ask about."""
    known = {**_STATUS_WORDS, **_STATUS_KEYS}
    near = difflib.get_close_matches(word, known, 4, 0.6) if len(word) <= LONGEST else []
    return list(dict.fromkeys(known[name] for name in near))[:2]
