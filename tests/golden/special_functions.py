"""Writes special_functions.json from mpmath, with 50 digits and then rounded.

Run by `deno task golden`.
"""

import json
import pathlib

from mpmath import erf, erfc, erfinv, mp, mpf, ncdf, npdf, quad, sqrt, workdps

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


def quantile_rows():
    shares = [1e-300, 1e-100, 1e-20, 1e-9, 1e-4, 0.0013, 0.02425, 0.1]
    shares += [0.2, 0.3, 0.4, 0.45, 0.499, 0.4999999, 0.5, 0.6, 0.75, 0.9, 0.975]
    for share in shares + [0.999, 1 - 1e-9, 1 - 2**-53]:
        # The digits that 1 - 2 * share loses, and 50 more.
        with workdps(400):
            z = sqrt(2) * erfinv(2 * mpf(share) - 1)
        yield {"share": share, "z": float(z)}


def cut_quantile_rows():
    cuts = [(-2, 2), (-1, 3), (1, 2), (2.5, 9), (-9, -3), (-0.2, 0.3), (0, 40)]
    for low, high in cuts:
        for share in (1e-12, 1e-3, 0.25, 0.5, 0.9, 1 - 1e-6):
            # In the lower tail, where no share is lost beside 1.
            flip = low > 0
            a, b, p = (-high, -low, 1 - mpf(share)) if flip else (low, high, mpf(share))
            with workdps(400):
                place = ncdf(a) + p * (ncdf(b) - ncdf(a))
                z = sqrt(2) * erfinv(2 * place - 1)
            z = float(-z if flip else z)
            yield {"lower": low, "upper": high, "share": share, "z": z}


def beta_quantile_rows():
    pairs = [(1, 1), (1, 5), (5, 1), (2, 3), (20, 21), (1, 10000), (500, 501)]
    for a, b in pairs + [(300, 2701), (2999, 2)]:
        for share in (0.001, 0.025, 0.5, 0.975):
            yield {"a": a, "b": b, "share": share, "x": beta_quantile(a, b, share)}


def beta_quantile(a, b, share):
    """By bisection of a binomial's tail: P(Bin(a + b - 1, x) >= a)."""
    low, high = mpf(0), mpf(1)
    for _ in range(90):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(a, b, middle) < share else (low, middle)
    return float(low)


def tail(a, b, x):
    n = a + b - 1
    term = (1 - x) ** n
    below = mpf(0)
    for k in range(a):
        below += term
        term *= x / (1 - x) * (n - k) / (k + 1)
    return 1 - below


def main():
    rows = {
        "erf": list(erf_rows()),
        "cut": list(cut_rows()),
        "quantile": list(quantile_rows()),
        "cutQuantile": list(cut_quantile_rows()),
        "betaQuantile": list(beta_quantile_rows()),
    }
    path = HERE / "special_functions.json"
    path.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
