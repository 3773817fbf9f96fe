"""Writes special_functions.json from mpmath, with 50 digits and then rounded.

Run by `deno task golden`.
"""

import json
import pathlib

from mpmath import erf, erfc, mp, npdf, quad, sqrt

mp.dps = 50
HERE = pathlib.Path(__file__).parent


def erf_rows():
    for x in ("-6", "-2.5", "-1", "-0.1", "0", "1e-9", "0.3", "0.9", "1.7"):
        yield {"x": float(x), "erf": float(erf(float(x)))}
    for x in ("2.4999", "2.5", "3", "4.2", "7", "12", "26"):
        value = float(x)
        yield {"x": value, "erf": float(erf(value)), "erfc": float(erfc(value))}


def cut_rows():
    cuts = [(-2, 2), (-1, 3), (1, 2), (2.5, 9), (-9, -3), (-0.2, 0.3), (0, 40)]
    for low, high in cuts:
        share = (erf(high / sqrt(2)) - erf(low / sqrt(2))) / 2
        if low > 0:
            share = (erfc(low / sqrt(2)) - erfc(high / sqrt(2))) / 2
        if high < 0:
            share = (erfc(-high / sqrt(2)) - erfc(-low / sqrt(2))) / 2
        # By quadrature, and not by the formula that is tested.
        mean = quad(lambda z: z * npdf(z), [low, high]) / share
        var = quad(lambda z: (z - mean) ** 2 * npdf(z), [low, high]) / share
        yield {
            "lower": low,
            "upper": high,
            "share": float(share),
            "mean": float(mean),
            "std": float(sqrt(var)),
        }


def main():
    rows = {"erf": list(erf_rows()), "cut": list(cut_rows())}
    path = HERE / "special_functions.json"
    path.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
