"""The cases on each kind of device: digests against those in process, and speed."""

import atexit
import json
import os
import platform
import pty
import select
import subprocess
import sys
import threading
import time
import tty

CASES = [
    "scenarios/fault/in_self_test.toml",
    "scenarios/states/brown_out.toml",
    "scenarios/states/hang.toml",
    "scenarios/states/bit_flip.toml",
    "scenarios/states/task_skipped.toml",
]
ROUNDS = 5
SESSION_S = 1800.0


def run(kneadsim, out, paths, device, more=()):
    command = [kneadsim, "run", *paths, "--json", "--out", out, *more]
    if device:
        command += ["--device", device]
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    wall_s = time.monotonic() - start
    if done.returncode not in (0, 1, 4):
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout), wall_s


def digests(document):
    return {case["name"]: (case["verdict"], case["digest"]) for case in document["cases"]}


def agreeing(name, wanted, got):
    """How many cases of a device have the wanted digests, and whether all do; tells those that have not."""
    for case, value in wanted.items():
        if got.get(case) != value:
            print(f"{name}: {case}: {got.get(case)} instead of {value}", file=sys.stderr)
    same = sum(got.get(case) == value for case, value in wanted.items())
    return same, same == len(wanted) == len(got)


def wire_ports():
    """Two pseudo-terminals with a wire between them: the names of their ends."""
    ends = [pty.openpty() for _ in range(2)]
    for end in ends:
        tty.setraw(end[1])
    first, second = (end[0] for end in ends)

    def carry():
        while True:
            for port in select.select([first, second], [], [])[0]:
                os.write(second if port == first else first, os.read(port, 4096))

    threading.Thread(target=carry, daemon=True).start()
    return [os.ttyname(end[1]) for end in ends]


def session(work):
    """The session of the benchmark, on the column grid."""
    text = open("crates/cli/benches/speed/session.toml", encoding="utf-8").read()
    path = os.path.join(work, "session.toml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace('duration = "30min"', 'duration = "30min"\ngrid = "column"'))
    return path


def main():
    kneadsim, work, port, image, quick = sys.argv[1:6]
    near, far = wire_ports()
    board = subprocess.Popen([kneadsim, "device", "--serial", far])
    atexit.register(board.kill)
    kinds = [
        ("in process", None),
        ("child process, standard input and output", f"exec:{kneadsim} device --stdio"),
        ("TCP on this machine", f"tcp:{port}"),
        ("pseudo-terminals with a relay between them", f"serial:{near}"),
        ("Cortex-M4F image in QEMU", f"qemu:{image}" if image else ""),
    ]
    wanted = digests(run(kneadsim, work, CASES, None)[0])
    session_file = session(work)
    rows, equal, there = [], True, True
    for name, device in kinds:
        if device == "":
            there = False
            print(f"{name}: skipped, no emulator or no compiler for the chip", file=sys.stderr)
            rows.append((name, "-", "not run", "-", "-"))
            continue
        got = digests(run(kneadsim, work, CASES, device)[0])
        same, all_same = agreeing(name, wanted, got)
        equal = equal and all_same
        if quick:
            rows.append((name, len(got), same, "not timed", "not timed"))
            continue
        times = []
        # A port that is waited for takes a minute a session.
        rounds = 1 if device and device.startswith("serial:") else ROUNDS
        for _ in range(rounds):
            document, _ = run(kneadsim, work, [session_file], device, ["--jobs", "1"])
            times.append(document["cases"][0]["wall_s"])
        best, median = min(times), sorted(times)[rounds // 2]
        ticks = SESSION_S * 100 / median
        factor = f"{SESSION_S / median:.0f} (best {SESSION_S / best:.0f})"
        rows.append((name, len(got), same, f"{ticks:,.0f}", factor))
    print("| device | cases | digests as in process | ticks a second | times real time |")
    print("|---|---:|---:|---:|---:|")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()
    if not quick:
        load = os.getloadavg()[0]
        print(f"Median of {ROUNDS} sessions of 30 min on the column grid (pseudo-terminals: one), "
              f"one at a time; {platform.machine()}, {os.cpu_count()} cores, load {load:.1f} at the end.")
    if not equal:
        sys.exit(1)
    if not there and not quick:
        sys.exit(3)


if __name__ == "__main__":
    main()
