"""Runs HPSM-1 in Rust beside C and numba, all in turn, and compares speed and results.

usage: compare.py FOLDER_OF_C_PROGRAMS OUR_PROGRAM ROUNDS lanes|alone [PYTHON_WITH_NUMBA]

Ends with 1 where a result is off or the scalar one is slower than wanted.
"""
import pathlib
import re
import statistics
import subprocess
import sys

folder, ours, rounds = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with_lanes = sys.argv[4] == "lanes"
numba = sys.argv[5] if len(sys.argv) > 5 else None
here = pathlib.Path(__file__).parent

# Sessions that a program times in one round; it gives their median.
REPETITIONS = "3"
# Share of the best scalar C program's speed that is demanded.
WANTED = 0.9
# What is the same processor to gcc and to us.
SETS = {"x86-64": "least", "x86-64-v3": "avx2", "native": "avx512"}
OUR_LANES = ["1", "2", "4", "8", "16", "24", "32"]
# Allowed difference of a nominal session from its golden values: absolute, then relative.
GOLDEN = {
    "peak_film": (53.7671, 0.02, 0), "peak_basal": (40.7107, 0.002, 0),
    "end_film": (45.9961, 0.02, 0), "end_basal": (40.3160, 0.002, 0),
    "cem43": (0.455963, 0, 1e-3), "omega": (4.84943e-3, 0, 1e-3),
    "e_heat": (12621.90, 0, 5e-4), "locks": (1, 0, 0),
}


def programs():
    """Key (kind, contraction, instructions, lanes, way) and command of every program."""
    c_arguments = [REPETITIONS, "180000", "1"]
    for path in sorted(folder.glob("scalar.*.*.*")):
        _, setting, march, way = path.name.split(".")
        name = {"0": "libm", "1": "polynomials", "2": "turned sine"}[way]
        yield ("C", setting, SETS[march], 1, name), [str(path), *c_arguments]
    for path in sorted(folder.glob("lanes.*.*.*")):
        _, setting, march, lanes = path.name.split(".")
        yield ("C", setting, SETS[march], int(lanes), "lanes"), [str(path), *c_arguments]
    for vectors in SETS.values():
        for lanes in OUR_LANES:
            yield ("kneadsim", "strict", vectors, int(lanes), ""), [ours, lanes, REPETITIONS, vectors]
    if numba:
        plain, expert = str(here / "plain_numba.py"), str(here / "expert_numba.py")
        yield ("numba", "strict", "avx512", 1, "plain"), [numba, plain, REPETITIONS, "0"]
        yield ("numba", "contracted", "avx512", 1, "plain"), [numba, plain, REPETITIONS, "0", "f64", "fast"]
        for lanes in ["8", "16", "32"]:
            yield ("numba", "contracted", "avx512", int(lanes), "expert"), [numba, expert, lanes, REPETITIONS]


def once(command):
    """Milliseconds per session and what came out; None where the processor lacks something."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=here)
    if done.returncode != 0:
        return None, {}
    text = done.stdout
    found = re.search(r"ms/session=([0-9.]+)|session median ([0-9.]+)", text)
    results = dict(re.findall(r"(\w+)=([-+0-9.e]+)", text.partition("out ")[2]))
    return float(found[1] or found[2]), results


def off(results):
    """Names of the results that are not within tolerance."""
    return [name for name, (value, absolute, relative) in GOLDEN.items()
            if name in results
            and not abs(float(results[name]) - value) <= absolute + relative * abs(value)]


commands = {key: command for key, command in programs() if with_lanes or key[3] == 1}
times = {key: [] for key in commands}
wrong = []
for number in range(rounds):
    for key, command in commands.items():
        took, results = once(command)
        if took is None:
            continue
        times[key].append(took)
        compared = key[0] != "numba"
        if number == 0 and compared and (off(results) or len(GOLDEN.keys() - results.keys())):
            wrong.append(f"{key}: {off(results)} of {results}")
    print(f"round {number + 1} of {rounds}", file=sys.stderr)
times = {key: took for key, took in times.items() if len(took) == rounds}


def spread(values):
    values = sorted(values)
    return f"{statistics.median(values):.2f} ({values[0]:.2f} to {values[-1]:.2f})"


def best(kind, setting, vectors, lanes_wanted):
    found = [key for key in times if key[:3] == (kind, setting, vectors) and lanes_wanted(key[3])]
    return min(found, key=lambda key: statistics.median(times[key]), default=None)


def name(key):
    kind, setting, vectors, lanes, way = key
    return " ".join(part for part in [kind, way if way != "lanes" else "", f"{lanes} lanes" if lanes > 1 else ""] if part)


slow = []
parts = [("One session", lambda lanes: lanes == 1), ("Lanes, the best count of each", lambda lanes: lanes > 1)]
for title, lanes_wanted in parts if with_lanes else parts[:1]:
    print(f"\n{title}: ms per session, process time, median (least to greatest of {rounds} rounds)\n")
    print("| instructions | ours | other | contraction | its ms | ours faster by |\n|---|---|---|---|---|---|")
    for vectors in SETS.values():
        own = best("kneadsim", "strict", vectors, lanes_wanted)
        if own is None:
            continue
        for kind in ["C", "numba"]:
            for setting in ["strict", "contracted"]:
                other = best(kind, setting, vectors, lanes_wanted)
                if other is None:
                    continue
                ratios = [b / a for a, b in zip(times[own], times[other])]
                print(f"| {vectors} | {name(own)} {spread(times[own])} | {name(other)} | {setting} "
                      f"| {spread(times[other])} | {spread(ratios)} |")
                demanded = own[3] == 1 and kind == "C" and setting == "strict"
                if demanded and statistics.median(ratios) < WANTED:
                    slow.append(f"{vectors}: {statistics.median(ratios):.2f} of {name(other)}")
if with_lanes:
    print("\nOurs, every count of lanes: ms per session, median\n")
    print("| instructions | " + " | ".join(OUR_LANES) + " |\n|---|" + "---|" * len(OUR_LANES))
for vectors in SETS.values():
    cells = [times.get(("kneadsim", "strict", vectors, int(lanes), "")) for lanes in OUR_LANES]
    if all(cells):
        print(f"| {vectors} | " + " | ".join(f"{statistics.median(cell):.2f}" for cell in cells) + " |")
for line in wrong:
    print(f"off: {line}", file=sys.stderr)
for line in slow:
    print(f"too slow: {line}", file=sys.stderr)
sys.exit(1 if wrong or slow else 0)
