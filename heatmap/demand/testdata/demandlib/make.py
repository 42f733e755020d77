"""Makes days.csv and hours.csv by demandlib (oemof, MIT), commit 109c1c8, with
pandas 1.5.3: PYTHONPATH=demandlib/src python3 make.py"""
import csv
import datetime
import math

import pandas as pd
from demandlib.bdew import HeatBuilding

YEAR = 2023
HOLIDAYS = [(1, 1), (4, 7), (4, 10), (5, 1), (5, 18), (5, 29), (10, 3), (12, 25), (12, 26)]
PROFILES = {  # ours: theirs, class, wind
    "HEF03": ("EFH", 11, 0),
    "HMF04": ("MFH", 11, 1),
    "GKO03": ("GKO", 0, 0),
    "GMF04": ("GMF", 0, 1),
    "GHA04": ("GHA", 0, 1),
}
HOURS_OF = ["2023-01-05", "2023-02-12", "2023-05-01", "2023-07-22", "2023-10-03", "2023-12-24"]


def day_mean(n):
    return round(9.5 - 13 * math.cos(2 * math.pi * (n - 20) / 365) + 6 * math.sin(2 * math.pi * n / 11.3) + 0.03, 1)


index = pd.date_range(datetime.datetime(YEAR, 1, 1), periods=8760, freq="H")
temperature = pd.Series([day_mean(i // 24) + ((i % 24) - 11.5) * 0.3 for i in range(8760)], index=index)
holidays = {datetime.date(YEAR, m, d): "holiday" for m, d in HOLIDAYS}

days, hours = {}, {}
for ours, (kind, age, wind) in PROFILES.items():
    b = HeatBuilding(index, holidays=holidays, temperature=temperature, shlp_type=kind, building_class=age, wind_class=wind, annual_heat_demand=1)
    p = b.get_normalized_bdew_profile()
    sf = pd.Series(b.get_sf_values(), index=index)
    heat = (p / sf).groupby(index.date).mean()  # of the day, before it falls on hours
    days[ours] = heat / heat.sum()
    hours[ours] = pd.Series([days[ours][t.date()] * sf[t] / sf[str(t.date())].sum() for t in index], index=index)

with open("days.csv", "w") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["date", "mean_c"] + list(PROFILES))
    for n, date in enumerate(days["HEF03"].index):
        w.writerow([date, day_mean(n)] + ["%.12g" % days[p][date] for p in PROFILES])
with open("hours.csv", "w") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["date", "hour"] + list(PROFILES))
    for date in HOURS_OF:
        for t in index[index.strftime("%Y-%m-%d") == date]:
            w.writerow([date, t.hour] + ["%.12g" % hours[p][t] for p in PROFILES])
