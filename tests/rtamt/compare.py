"""Compares the bench's online monitors with rtamt, in discrete time.

rtamt is an independent library for signal temporal logic. Each vector is a
random check over a random trace with the margin that the monitors gave; here
the check is written as a formula of temporal logic, and rtamt computes its
robustness. Both are exact but for the order of additions.

Usage:
    pip install -r tests/rtamt/requirements.txt
    cargo run -q --release -p kneadsim-sim --example monitor_vectors -- 800 > vectors.jsonl
    python3 tests/rtamt/compare.py vectors.jsonl

Exit code: 0 all agree, 1 a margin or verdict differs, 2 too few vectors compared.
"""

import collections
import json
import sys

import rtamt

TOLERANCE = 1e-9  # sums of a few numbers below 100
DISCRETE = 1e9  # robustness of a trigger, beyond any margin of a number
LEAST_COMPARED = 500


def robustness(formula, x, y, trigger=None):
    """Robustness of a formula at every sample of a trace."""
    spec = rtamt.StlDiscreteTimeOfflineSpecification()
    for name in ("x", "y", "trigger", "out"):
        spec.declare_var(name, "float")
    spec.spec = "out = " + formula
    spec.parse()
    data = {"time": list(range(len(x))), "x": x, "y": y, "trigger": trigger or [0.0] * len(x)}
    return [value for _, value in spec.evaluate(data)]


def expected(vector):
    """Verdict and margin by rtamt; a margin of None is not compared."""
    window = slice(vector["from"], vector["end"] + 1)
    x, y = vector["x"][window], vector["y"][window]
    last, ticks, formula = len(x) - 1, vector["ticks"], vector["formula"]
    trigger = [DISCRETE if value > 0 else -DISCRETE for value in robustness(vector["trigger"], x, y)]

    def at(index, text):
        return robustness(text, x, y, trigger)[index]

    def judged(margin):
        return ("pass" if margin > 0 else "fail"), margin

    kind = vector["kind"]
    if kind == "always":
        return judged(at(0, f"always({formula})"))
    if kind == "never":
        return judged(at(0, f"always(not({formula}))"))
    if kind == "eventually":
        return judged(at(0, f"eventually({formula})"))
    if kind == "at_end":
        return judged(at(last, formula))
    if kind == "stays":
        if ticks > last:
            return "inconclusive", None
        return judged(at(0, f"eventually[0:{last - ticks}](always[0:{ticks}]({formula}))"))
    if kind == "after":
        if DISCRETE not in trigger or trigger.index(DISCRETE) + ticks > last:
            return "inconclusive", None
        since = f"once[{ticks}:{last + 1}](trigger > 0)"
        return judged(at(0, f"always(({since}) implies ({formula}))"))
    if kind == "respond":
        if DISCRETE not in trigger:
            return "inconclusive", None
        answered = f"(rise(trigger > 0)) implies (eventually[0:{ticks}]({formula}))"
        # Budgets that are over before the trace is can fail; later ones can only pass.
        over = at(0, f"always[0:{last - ticks}]({answered})") if ticks <= last else DISCRETE
        every = at(0, f"always({answered})")
        if over < 0:
            return "fail", over
        return judged(every) if every > 0 else ("inconclusive", None)
    raise ValueError(f"unknown kind {kind}")


def main(path):
    """Compares every vector of a file; see the module's text."""
    compared, margins, wrong = collections.Counter(), 0, 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            vector = json.loads(line)
            verdict, margin = expected(vector)
            compared[vector["kind"], verdict] += 1
            same = verdict == vector["verdict"]
            if same and margin is not None:
                margins += 1
                got = vector["margin"]
                same = got is not None and abs(got - margin) <= TOLERANCE
            if not same:
                wrong += 1
                print(f"rtamt says {verdict} {margin}: {line.strip()}")
    for (kind, verdict), count in sorted(compared.items()):
        print(f"{kind:10} {verdict:12} {count:5}")
    print(f"{sum(compared.values())} vectors, {margins} margins compared, {wrong} differ")
    if wrong:
        return 1
    return 0 if margins >= LEAST_COMPARED else 2


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
