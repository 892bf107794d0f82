"""The answers of the demo's year: invented, but such as a year could really bring. Ansvarlige are functions."""

from __future__ import annotations

from datetime import date, datetime

from aftale.steps.demo_hands import Hand, Pen

_JUNE, _NOVEMBER = date(2015, 5, 31), date(2015, 10, 31)
LATE = "Formidlingsteamet"


def _saved(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2015, month, day, hour, minute)


MIDTVEJS = (
    Hand("Digitalteamet", "Digitalteamets koordinator", _saved(6, 3, 10), {
        "M1.1.1": {"Udgangspunkt": 12400, "Resultat": 13150, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"},
        "M1.1.1.1": {"Status": "Forventes opfyldt", "Bemærkninger": "Fire kurser holdt, seks planlagt."},
        "M1.1.1.2": {"Resultat": 2, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"},
        "M1.1.2": {"Status": "Forventes opfyldt"}}),
    Hand("Landdistriktsteamet", "Landdistriktsteamets koordinator", _saved(6, 5, 9), {
        "M1.1.1.2": {"Resultat": 2, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"},
        "M1.3.1": {"Resultat": 7, "Opgjort pr.": _JUNE, "Status": "Forventes ikke opfyldt",
                   "Bemærkninger": "Tilbuddet kom først i brug i marts."}}),
    Hand("Ungeteamet", "Ungeteamets koordinator", _saved(6, 8, 14), {
        "M1.2.1.1": {"Status": "Opfyldt", "Bemærkninger": "Kontrakten er underskrevet i april."}}, finished=""),
    Hand("Husteamet", "Husteamets koordinator", _saved(6, 9, 11), {
        "M2.1.1": {"Resultat": 0, "Opgjort pr.": _JUNE, "Status": "Ikke igangsat"},
        "M3.2.1": {"Status": "Forventes opfyldt"}, "M3.2.1.1": {"Status": "Afventer data"},
        "M3.3.1": {"Udgangspunkt": 410000, "Resultat": 176300, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"}}),
    Hand("Ledelsen", "Ledelsessekretariatet", _saved(6, 9, 15), {
        "M2.2.3": {"Status": "Forventes opfyldt"},
        "M2.2.5": {"Resultat": 1, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"},
        "M4.2.1": {"Status": "Opfyldt"}, "M4.2.2": {"Status": "Ikke igangsat"}}),
)

AARSOPFOELGNING = (
    # Somebody inserted a column of their own in the middle of the table.
    Hand("Digitalteamet", "Digitalteamets koordinator", _saved(11, 4, 9), {
        "M1.1.1": {"Udgangspunkt": 12400, "Resultat": 15190, "Opgjort pr.": _NOVEMBER, "Status": "Forventes opfyldt",
                   "Bemærkninger": "Halvdelen af væksten er nået på det første af de to år.",
                   "Næste skridt": "Kampagne for e-bøger i februar."},
        "M1.1.1.1": {"Status": "Opfyldt", "Bemærkninger": "Ti kurser, heraf fire uden for biblioteket."},
        "M1.1.1.2": {"Resultat": 5, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt",
                     "Bemærkninger": "Vejledningen kører i alle fem områder."},
        "M1.1.2": {"Status": "Forventes opfyldt", "Næste skridt": "Bogbussen får det nye design i foråret."}},
        extra_column=("Drøftet på teammøde", {"M1.1.1": "ja, 20. oktober", "M1.1.2": "nej"})),
    # The rows come back in another order.
    Hand("Ledelsen", "Ledelsessekretariatet", _saved(11, 5, 13), {
        "M2.2.3": {"Status": "Delvist opfyldt", "Bemærkninger": "Strategien er skrevet, men endnu ikke vedtaget."},
        "M2.2.5": {"Resultat": 2, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt"},
        "M4.2.1": {"Status": "Opfyldt", "Bemærkninger": "Businesscasen er afleveret i juni."},
        "M4.2.2": {"Status": "Forventes opfyldt", "Næste skridt": "Interviews med indkøberne i januar."}}, sort=True),
    # Disagrees with Ledelsen on the status of the goal that they share.
    Hand("Børneteamet", "Børneteamets koordinator", _saved(11, 6, 10), {
        "M2.2.2": {"Resultat": 4, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt",
                   "Bemærkninger": "Fire aftaler: målet for begge år er nået."},
        "M2.2.3": {"Status": "Opfyldt", "Bemærkninger": "Strategien er sendt til udvalget."}}),
    # Saved twice: the second version has one answer more and one that is corrected.
    Hand("Ungeteamet", "Ungeteamets koordinator", _saved(11, 6, 8), {
        "M1.2.1.1": {"Status": "Forventes opfyldt"}}, finished="", file="skema ungeteamet.xlsx"),
    Hand("Ungeteamet", "Ungeteamets koordinator", _saved(11, 9, 16), {
        "M1.2.1.1": {"Status": "Opfyldt", "Bemærkninger": "Kontrakten gælder fra august."}},
        file="skema ungeteamet (1).xlsx"),
    # A decimal comma typed as text, and a result below the target.
    Hand("Husteamet", "Husteamets koordinator", _saved(11, 9, 12), {
        "M2.1.1": {"Resultat": 2, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt",
                   "Bemærkninger": "Strikkeklub og lektiecafé drives nu af brugerne."},
        "M3.2.1": {"Status": "Opfyldt", "Bemærkninger": "Cafébordene ved indgangen bruges hele dagen."},
        "M3.2.1.1": {"Resultat": "5,4", "Opgjort pr.": _NOVEMBER, "Status": "Forventes opfyldt"},
        "M3.3.1": {"Udgangspunkt": 410000, "Resultat": 424350, "Opgjort pr.": _NOVEMBER, "Status": "Delvist opfyldt",
                   "Bemærkninger": "Væksten er 3,5 %. Lukningen i juli trak ned.",
                   "Næste skridt": "Søndagsåbent fra januar."}}),
    Hand("Landdistriktsteamet", "Landdistriktsteamets koordinator", _saved(11, 10, 9), {
        "M1.1.1.2": {"Resultat": 5, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt",
                     "Bemærkninger": "To af områderne mangler faste lokaler."},
        "M1.3.1": {"Resultat": 16, "Opgjort pr.": _NOVEMBER, "Status": "Ikke opfyldt",
                   "Bemærkninger": "16 rekvisitioner; efteråret blev godt, men foråret manglede."}},
        proposal="Forslag: en fast torvedag med Biblioteket rykker ud i hvert landdistrikt"),
    # A loose remark beside the table.
    Hand("HR- og udviklingsteamet", "HR-funktionen", _saved(11, 10, 14), {
        "M4.1.1": {"Resultat": 3, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt"},
        "M4.1.2": {"Status": "Forventes ikke opfyldt",
                   "Bemærkninger": "42 af 61 medarbejdere har taget testen; resten når den ikke i år."},
        "M4.2.3": {"Status": "Udgået", "Bemærkninger": "Lagt sammen med kommunens fælles strategi efter aftale med KSE."}},
        beside="Ring gerne, hvis tallene for testen skal uddybes."),
    # Comes after the deadline and is merged into the standing follow-up.
    Hand(LATE, "Formidlingsteamets koordinator", _saved(11, 18, 17), {
        "M2.2.4": {"Status": "opfyldt ", "Bemærkninger": "Tolv frivillige og tre foreninger er med."},
        "M3.1.1": {"Resultat": 11, "Opgjort pr.": _NOVEMBER, "Status": "Forventes opfyldt"},
        "M3.1.1.1": {"Status": "Afventer data", "Bemærkninger": "Næste Bibliometer er i foråret."},
        "M3.1.2": {"Resultat": 6, "Opgjort pr.": _NOVEMBER, "Status": "Forventes opfyldt",
                   "Bemærkninger": "Seks events, de fleste ved folketingsvalget."},
        "M3.1.2.1": {"Status": "Afventer data"}}),
)

COORDINATOR = Pen(
    _saved(11, 19, 9), {("Modstridende svar", "M2.2.3", "Vælg"): "x",
                        ("Opfølgning", "M4.1.2", "Næste skridt"): "De sidste 19 medarbejdere tager testen i januar."},
    {"Samlet vurdering": "Et godt år: Biblioteket er nået længere ud end planlagt. Det, der mangler, er aftalt for 2016.",
     "Inden for rammen": "Ja"}, beside_text="Delvist opfyldt")
"""The coordinator decides between the two answers, adds a next step and sums up the year."""

DEPARTMENT = Pen(
    _saved(12, 1, 11), {("Opfølgning", "M1.3.1", "Forvaltningens bemærkninger"):
                        "Godt på vej. Vi tager antallet af rekvisitioner op på dialogmødet."},
    {"Forvaltningens samlede bemærkning": "Tak for en klar opfølgning. Vi ses til dialogmødet i januar."})
"""KSE writes in its edition."""
