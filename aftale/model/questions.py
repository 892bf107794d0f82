"""What a colleague is asked when a skema goes back with its doubtful cells marked: one text for each code of problem.

The catalogue's own advice is written to the coordinator. These are written to those who filled the skema in, one or many,
on the sheet and in the mail; someone who can't program can proofread them. ``{…}`` is filled in where the question is asked.
"""

from __future__ import annotations

QUESTIONS: dict[str, str] = {
    # A cell that couldn't be read
    "number-unreadable": "Det kan vi ikke læse som et tal. {hint}",
    "number-ambiguous": "Vi er i tvivl om tallet. {hint}",
    "percent-ambiguous": "Vi er i tvivl om, hvor mange procent det er. {hint}",
    "date-unreadable": "Det kan vi ikke læse som en dato. {hint}",
    "date-ambiguous": "Vi er i tvivl om datoen. {hint}",
    "status-unknown": "Den status kender vi ikke. {hint}",
    "status-ambiguous": "Vi er i tvivl om, hvilken status der menes. {hint}",
    "yes-no-unknown": "Er skemaet færdigt? Vælg Ja eller Nej.",
    "cell-error": "Feltet viser en fejl. Hvad skulle der have stået?",
    "cell-picture": "Der er et billede i feltet. Skriv selve svaret.",
    "cell-formula": "Feltet har en formel uden resultat. Skriv selve svaret.",
    "cell-struck": "Svaret er streget over. Gælder det, så skriv det igen; ellers slet det, eller skriv det, der gælder.",
    "remark-struck": "Noget af teksten er streget over. Slet det, hvis det ikke gælder.",
    # Answers that don't fit together
    "remark-missing": "Der er valgt »{value}«. Skriv kort hvorfor.",
    "status-contradiction": "Der er valgt »{value}«, men tallene giver »{computed}«. {what} Ret det, der er forkert, eller"
                            " skriv i Bemærkninger, hvorfor begge dele passer.",
    "figure-far": "Tallet er {when}. {hint} Ret det, hvis det er forkert; passer det, så lad det stå.",
    "figure-off-scale": "Tallet ligger uden for skalaen, som går fra {before}. {hint} Ret det, hvis det er forkert; passer"
                        " det, så lad det stå.",
    "figure-negative": "Tallet er negativt, og det passer ikke med målet ({when}). {hint} Ret det, hvis det er forkert;"
                       " passer det, så lad det stå.",
    "fall-positive": "Tallet er en stigning, men målet er et fald, og et fald skrives med minus. {hint} Ret det, hvis det er"
                     " forkert; passer det, så lad det stå.",
    "same-as-last-year": "Tallet er præcis det samme som i {when}. Er det årets tal, så lad det stå; ellers ret det.",
    "unit-flipped": "Tallet er af en helt anden størrelsesorden end i {when}, hvor det var {before}. Ret det, hvis enheden"
                    " er en anden; passer det, så lad det stå.",
    "total-fell": "Tallet er mindre end i {when}, hvor det var {before}, og her skal stå det samlede tal til dato. Er det"
                  " kun det nye, så læg resten til; passer det, så lad det stå.",
    "conflict": "Vi har fået forskellige svar: {answers}. Hvad gælder?",
    "answers-differ": "I er flere, der har udfyldt skemaet, og I har svaret forskelligt. Skriv det, der gælder.",
    "older-kept": "Det stod i en tidligere udgave af skemaet, men ikke i den nyeste. Lad det stå, hvis det stadig"
                  " gælder, og slet det ellers.",
    "twice-in-form": "Målet stod to gange i skemaet med forskellige svar. Skriv det, der gælder.",
    # Answers that stand somewhere else, and what is missing or changed
    "answer-in-note": "Det stod i en note. Er det et svar, så skriv det i feltet.",
    "answer-misplaced": "Det ligner et svar, der hører til et andet sted. {hint}",
    "merged-answers": "Svaret står i celler, der er flettet hen over flere mål, og vi har kun læst det for det første."
                      " Gælder det også de andre, så skriv det dér.",
    "drawing-in-form": "Der var et billede eller en tekstboks på arket »{sheet}«, som vi ikke kan læse. Er det et svar, så"
                       " skriv det i de gule felter.",
    "id-and-text": "Mål-id og tekst passede ikke sammen i den række. Skriv svaret ud for det mål, det gælder.",
    "only-loose": "Det er skrevet ved siden af felterne. Er det et svar, så skriv det i de gule felter.",
    "row-no-goal": "Det står på en række, der ikke hører til noget mål. Skriv det ud for det mål, det gælder.",
    "unknown-goal": "Det stod ud for et Mål-id, som ikke er i skemaet. Skriv svaret ud for det mål, det gælder.",
    "second-table": "Der var også svar i en tabel på arket »{sheet}«. Svarene på arket Skema er dem, vi har læst: Ret dem,"
                    " hvis det er de andre, der gælder.",
    "column-twice": "Kolonnen »{column}« stod to gange i skemaet, og vi har læst den første. Ret svarene, hvis det er den"
                    " anden, der gælder.",
    "column-missing": "Kolonnen »{column}« manglede i skemaet og er sat ind igen. Skriv de svar, der skal stå i den.",
    "row-missing": "Målet stod ikke længere i skemaet og er sat ind igen. Er der et svar, så skriv det.",
    "proposed-change": "Noget, der er aftalt, er ændret (der stod: {was}). Vi har ikke rettet det aftalte: Er det et"
                       " forslag, så skriv det i Bemærkninger.",
    "record-lost": "Noget, vi genkender skemaet på, var væk. Se svarene på arket Skema efter, og brug dette skema fremover.",
    "record-changed": "Noget skjult i skemaet var ændret. Se svarene på arket Skema efter, og brug dette skema fremover.",
}

UNCHANGED_COPY = "copy-unchanged"
"""The code that tells of a marked skema that came back with nothing changed in it."""
KEPT_FOR_COORDINATOR = frozenset(("proposed-change", "new-goal", "colleague-asks"))
"""Codes that stay questions to the coordinator even after the colleague has answered the marked skema."""
