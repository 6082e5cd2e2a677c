"""kneadsim's search beside those of pymoo and Optuna, by what they find.

    compare.py KNEADSIM FILE WORK_DIR [--seeds N] [--budget SESSIONS] [--keep]

The seed is that of the samples too, and everybody gets the same ones. Fronts of one
seed are put on the scale of everything that was found with it: 0 the best in an
objective, 1 the worst on the common front; the hypervolume is up to 1.1 in each.
A second hypervolume counts only what is better than the present parameters in every
objective, as a share of the box between these and the best found.
Fails when the median of kneadsim's is below another's.
"""

import argparse
import csv
import json
import pathlib
import statistics
import subprocess
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor

import numpy
from pymoo.indicators.hv import HV

import drive

OWN = "kneadsim"


def names(file):
    """Of the objectives, in the file's order."""
    return [o["name"] for o in tomllib.loads(pathlib.Path(file).read_text())["objective"]]


def own(program, file, work, budget, seed):
    """What kneadsim's own search found to keep every margin."""
    out = work / f"seed-{seed}"
    command = [program, "tune", file, "--seed", str(seed), "--jobs", "1", "--fresh"]
    command += ["--budget", str(budget), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    # 1: none of the front held on the held-out samples; the front is there all the same.
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    with open(out / "candidates.csv", newline="") as table:
        rows = list(csv.DictReader(table))
    columns = [next(c for c in rows[0] if c.rsplit(" [", 1)[0] == name) for name in names(file)]
    kept = [r for r in rows if r["complete"] == "true" and float(r["short [K]"]) == 0.0]
    return [[float(r[c]) for c in columns] for r in kept]


def found(task):
    algorithm, program, file, work, budget, seed = task
    if algorithm == OWN:
        return algorithm, seed, own(program, file, work, budget, seed)
    path = work / f"{algorithm}-{budget}-{seed}.json"
    if not path.exists():
        answers = drive.search(program, file, algorithm, budget, seed)
        path.write_text(json.dumps(answers))
    kept = [a for a in json.loads(path.read_text()) if a["feasible"]]
    return algorithm, seed, [[a["objectives"][name] for name in names(file)] for a in kept]


def front(points):
    points = numpy.unique(points, axis=0)
    beaten = [
        any((other <= one).all() and (other < one).any() for other in points)
        for one in points
    ]
    return points[~numpy.array(beaten)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("file")
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--budget", type=int, default=1200)
    parser.add_argument(
        "--keep",
        action="store_true",
        help="take what the other searches gave from WORK_DIR; for the same files only",
    )
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    if not arguments.keep:
        for a in drive.ALGORITHMS:
            for path in arguments.work.glob(f"{a}-*.json"):
                path.unlink()
    algorithms = [OWN, *drive.ALGORITHMS]
    tasks = [
        (a, arguments.program, arguments.file, arguments.work, arguments.budget, seed)
        for seed in range(1, arguments.seeds + 1)
        for a in algorithms
    ]
    results = {}
    with ProcessPoolExecutor() as pool:
        for algorithm, seed, points in pool.map(found, tasks):
            results[algorithm, seed] = numpy.array(points)
            print(f"seed {seed}: {algorithm} kept {len(points)}", file=sys.stderr)
    volumes = {a: ([], []) for a in algorithms}
    for seed in range(1, arguments.seeds + 1):
        every = numpy.vstack([results[a, seed] for a in algorithms])
        common = front(every)
        best, worst = common.min(axis=0), common.max(axis=0)
        span = numpy.where(worst > best, worst - best, 1.0)
        # The present parameters are everybody's first.
        present = results["optuna_tpe", seed][0]
        gain = numpy.where(present > best, present - best, 1.0)
        for a in algorithms:
            points = results[a, seed]
            whole = HV(ref_point=numpy.full(len(best), 1.1))((points - best) / span)
            better = HV(ref_point=numpy.ones(len(best)))((points - best) / gain)
            print(f"seed {seed}: {a} {whole:.3f} {better:.3f}", file=sys.stderr)
            volumes[a][0].append(float(whole))
            volumes[a][1].append(float(better))
    print(f"{arguments.budget} sessions, {arguments.seeds} seeds: hypervolume, median (least to most)")
    print(f"{'search':14} {'of the common front':28} better than the present in everything")
    medians = {}
    for a in algorithms:
        cells = []
        for values in volumes[a]:
            median = statistics.median(values)
            cells.append(f"{median:.3f} ({min(values):.3f} to {max(values):.3f})")
        medians[a] = statistics.median(volumes[a][0])
        print(f"{a:14} {cells[0]:28} {cells[1]}")
    (arguments.work / "volumes.json").write_text(json.dumps(volumes))
    others = [a for a in algorithms if a != OWN and medians[a] > medians[OWN]]
    if others:
        sys.exit(f"better than kneadsim: {', '.join(others)}")


if __name__ == "__main__":
    main()
