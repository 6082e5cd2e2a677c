"""The example firmware in C: the same cases as a program and as an image in QEMU."""

import os
import shutil
import sys

from compare import agreeing, digests, run

FIRMWARE = ["pad_naive", "pad_safe"]
FOLDER = "scenarios/any_firmware"
# Every fault, reset and motor, in little simulated time.
QUICK = ["ntc_open", "ntc_short", "mosfet_short", "forgotten_trip", "off_by_hand", "rotor_locked"]


def main():
    kneadsim, work, quick = sys.argv[1:4]
    paths = [f"{FOLDER}/{name}.toml" for name in QUICK] if quick else [FOLDER]
    emulator = shutil.which(os.environ.get("KNEADSIM_QEMU", "qemu-system-arm"))
    equal, there = True, True
    print("| firmware | cases | digests as the program | verdicts |")
    print("|---|---:|---:|---|")
    for name in FIRMWARE:
        program = os.path.join(work, "heated_pad", name)
        image = f"{program}.elf"
        wanted = digests(run(kneadsim, work, paths, f"exec:{program}")[0])
        if not emulator or not os.path.exists(image):
            there = False
            missing = "qemu-system-arm" if not emulator else "arm-none-eabi-gcc"
            print(f"{name} in QEMU: skipped, no {missing}", file=sys.stderr)
            print(f"| {name} | {len(wanted)} | not run | - |")
            continue
        got = digests(run(kneadsim, work, paths, f"qemu:{image}")[0])
        same, all_same = agreeing(name, wanted, got)
        equal = equal and all_same
        passed = sum(verdict == "PASS" for verdict, _ in got.values())
        print(f"| {name} | {len(got)} | {same} | {passed} PASS, {len(got) - passed} FAIL |")
    if not equal:
        sys.exit(1)
    if not there and not quick:
        sys.exit(3)


if __name__ == "__main__":
    main()
