"""An analysis of agreements and follow-ups as a notebook in a script: run it whole, or cell by cell in VS Code or Jupyter.

Run ``python examples/analyse.py FOLDER``, where FOLDER holds years' folders, follow-ups, or what units have sent.
"""

# %% Everything that agreements and follow-ups say, as pandas DataFrames
import sys

import pandas as pd

import aftale

frames = aftale.frames(sys.argv[1] if len(sys.argv) > 1 else ".")
results = frames.results
print(f"{len(results)} rækker fra {results['enhed'].nunique()} enheder, {len(frames.problems)} spørgsmål og oplysninger")

# %% What `Overblik` counts: the year's effektmål
effects = results[results["aktiv"] & results["niveau"].eq("effektmål") & results["runde"].notna()]
rounds = ["enhed", "aar", "runde"]
status = pd.crosstab([effects[name] for name in rounds], effects["status"])
print("\nStatus for årets effektmål\n", status.to_string())

# %% The share of goals that are reached, year by year
yearly = effects[effects["runde"].eq("aarsopfoelgning")]
reached = yearly.assign(opfyldt=yearly["status"].eq("Opfyldt")).groupby(["enhed", "aar"])["opfyldt"].mean()
print("\nAndel opfyldte effektmål\n", reached.unstack("aar").to_string(float_format="{:.0%}".format))

# %% What became of the goals from midtvejs to årsopfølgning
both = effects[effects["runde"].eq("midtvejs")].merge(yearly, on=["enhed", "aar", "maal_id"], suffixes=("_midtvejs", "_aar"))
moved = pd.crosstab(both["status_midtvejs"], both["status_aar"])
print("\nFra midtvejs til årsopfølgning\n", moved.to_string())

# %% Which of the department's demands the goals serve; a goal may serve several
served = effects.assign(krav=effects["krav"].str.split("; ")).explode("krav")
print("\nKrav\n", served.groupby(["aar", "runde", "krav"], observed=True)["maal_id"].count().to_string())

# %% Who has answered, and what must be asked about
print("\nSvar pr. felt\n", frames.answers.groupby("felt", observed=True)["svar"].count().to_string())
print("\nSpørgsmål\n", frames.problems["besked"].value_counts().to_string())
