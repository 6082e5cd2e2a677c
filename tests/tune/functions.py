"""Judges the optimisers on standard test functions.

    functions.py LINES.jsonl

Reads what the example `optimizer_functions` printed. Every function value and every
hypervolume is worked out again with pymoo; then pymoo's NSGA-II (population 12, as
there) and pycma get the same functions, numbers of evaluations and seeds. Fails where
a value differs, or where the median of ours is the worse one.
"""

import json
import statistics
import sys
import warnings

import cma
import numpy
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.indicators.hv import HV
from pymoo.optimize import minimize
from pymoo.problems import get_problem

PROBLEMS = {
    "zdt1": lambda: get_problem("zdt1", n_var=6),
    "zdt2": lambda: get_problem("zdt2", n_var=6),
    "zdt3": lambda: get_problem("zdt3", n_var=6),
    "dtlz2": lambda: get_problem("dtlz2", n_var=7, n_obj=3),
    "bnh": lambda: get_problem("bnh"),
    "osy": lambda: get_problem("osy"),
}


def rosenbrock(p):
    x = 4.0 * numpy.asarray(p) - 2.0
    return float(numpy.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2))


def rastrigin(p):
    x = 10.24 * numpy.asarray(p) - 5.12
    return float(numpy.sum(x**2 + 10.0 - 10.0 * numpy.cos(2.0 * numpy.pi * x)))


SINGLE = {"rosenbrock": rosenbrock, "rastrigin": rastrigin}


def differs(a, b):
    return not numpy.allclose(a, b, rtol=1e-9, atol=1e-9)


def several(name, lines):
    problem = PROBLEMS[name]()
    volume = HV(ref_point=numpy.array(lines[0]["reference"]))
    ours, theirs = [], []
    for line in lines:
        points = numpy.array(line["points"])
        given = problem.evaluate(
            problem.xl + points * (problem.xu - problem.xl), return_as_dictionary=True
        )
        short = numpy.zeros(len(points))
        if "G" in given and given["G"].shape[1] > 0:
            short = numpy.maximum(given["G"], 0.0).sum(axis=1)
        objectives = numpy.array(line["objectives"])
        if differs(given["F"], objectives) or differs(short, line["short"]):
            sys.exit(f"{name}, seed {line['seed']}: pymoo has other values")
        again = float(volume(objectives[numpy.array(line["short"]) == 0.0]))
        if differs(again, line["hypervolume"]):
            sys.exit(f"{name}: hypervolume {line['hypervolume']}, pymoo has {again}")
        ours.append(again)
        kept = []

        def keep(algorithm):
            for one in algorithm.pop if algorithm.n_gen == 1 else algorithm.off:
                if one.feasible[0]:
                    kept.append(one.F)

        minimize(
            problem,
            NSGA2(pop_size=12),
            ("n_eval", len(points)),
            seed=line["seed"],
            callback=keep,
        )
        theirs.append(float(volume(numpy.array(kept))) if kept else 0.0)
    return ours, theirs


def single(name, lines):
    gives = SINGLE[name]
    ours, theirs = [], []
    for line in lines:
        points, given = line["points"], line["objectives"]
        if differs([gives(p) for p in points], [o[0] for o in given]):
            sys.exit(f"{name}, seed {line['seed']}: another value")
        ours.append(min(o[0] for o in given))
        best = []

        def counted(p):
            best.append(gives(p))
            return best[-1]

        options = {"bounds": [0, 1], "maxfevals": len(points), "seed": line["seed"], "verbose": -9}
        cma.fmin2(counted, [0.3] * len(points[0]), 0.25, options)
        theirs.append(min(best[: len(points)]))
    return ours, theirs


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    warnings.simplefilter("ignore")
    with open(sys.argv[1]) as text:
        lines = [json.loads(line) for line in text]
    worse = []
    print("function    evaluations  kneadsim   other      which               (medians)")
    for name in dict.fromkeys(line["function"] for line in lines):
        of_it = [line for line in lines if line["function"] == name]
        evaluations = len(of_it[0]["points"])
        if name in PROBLEMS:
            ours, theirs = map(statistics.median, several(name, of_it))
            which, is_worse = "pymoo's NSGA-II", ours < theirs
        else:
            ours, theirs = map(statistics.median, single(name, of_it))
            # What is below 1e-10 is found.
            which, is_worse = "pycma, the least", max(ours, 1e-10) > 1.1 * max(theirs, 1e-10)
        print(f"{name:12}{evaluations:11}  {ours:<10.5g} {theirs:<10.5g} {which}")
        if is_worse:
            worse.append(name)
    if worse:
        sys.exit(f"worse than the other: {', '.join(worse)}")


if __name__ == "__main__":
    main()
