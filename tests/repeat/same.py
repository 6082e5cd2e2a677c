"""Compares two results.json but for wall times: same.py FIRST AGAIN NAME. Ends with 1 where they differ."""
import json
import sys


def cases(path):
    """Everything that was found, by case, without what a clock said."""
    with open(path) as file:
        document = json.load(file)
    clock = {"wall_s", "real_time_factor"}
    return {case["name"]: {key: value for key, value in case.items() if key not in clock}
            for case in document["cases"]}


first, again, name = cases(sys.argv[1]), cases(sys.argv[2]), sys.argv[3]
wrong = sorted(first.keys() ^ again.keys())
for case in sorted(first.keys() & again.keys()):
    keys = [key for key in first[case] if first[case][key] != again[case].get(key)]
    if keys:
        wrong.append(f"{case}: {', '.join(keys)}")
for line in wrong:
    print(f"DIFFERS  {name}: {line}")
if not first:
    print("no case was compared")
if wrong or not first:
    sys.exit(1)
print(f"same     {name}: {len(first)} cases", flush=True)
