"""Runs the injected differences and says how the engine did: ``suite.py [--only NAME] [--drawn N] [--seed S] [--results FILE] [--page FILE] -- REPRISE…``.

The words after ``--`` are the command ``reprise``. Needs an interpreter that has torch and numpy. ``--drawn`` adds cases that a seed draws; with ``--only drawn``
there are no others. Exit code 1 where a case is not what it says, or an answer is wrong.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import draws
import table
import truth
from cases import CASES, Case
from runs import Runs
from score import Score, score


def judge(case: Case, runs: Runs) -> Score:
    left = runs.record(case.left)
    for attempt in range(1, case.tries + 1):
        right = runs.record(case.right, attempt if case.tries > 1 else 0)
        if case.tries == 1 or truth.parting(left, right) is not None:
            break
    if case.after is not None:
        left, right = runs.copy(left, f"{case.name}-left"), runs.copy(right, f"{case.name}-right")
        case.after(left, right)
    return score(case, left, right, runs.diff(left, right))


def memory() -> str | None:
    """A file system in memory lists a folder by when its files were made, which one case needs."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--drawn", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path, help="takes every score, as JSON")
    parser.add_argument("--page", type=Path, help="a page whose table is written anew")
    parser.add_argument("--keep", type=Path, help="a folder in which runs are kept, and found again")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("reprise", nargs="+")
    args = parser.parse_args()
    cases = [case for case in CASES if not args.only or case.name in args.only] + draws.draw(args.seed, args.drawn)
    folder = args.keep or Path(tempfile.mkdtemp(prefix="reprise-evidence-", dir=memory()))
    folder.mkdir(exist_ok=True)
    scores, failed = [], 0
    try:
        runs = Runs(folder, args.reprise)
        with ThreadPoolExecutor(args.jobs) as pool:
            for case, job in [(case, pool.submit(judge, case, runs)) for case in cases]:
                try:
                    scores.append(job.result())
                    print(line(scores[-1]), flush=True)
                except Exception:
                    failed += 1
                    print(f"{case.name}: not scored\n{traceback.format_exc()}", flush=True)
    finally:
        if not args.keep:
            shutil.rmtree(folder)
    if args.page:
        known = {case.name for case in CASES}
        args.page.write_text(table.written(args.page.read_text(), [one for one in scores if one.name in known]))
    if args.results:
        args.results.write_text(json.dumps([one.as_dict() for one in scores], indent=1))
    print(f"{len(scores)} scored, {sum(one.sure for one in scores)} of the right kind, {sum(one.placed for one in scores)} in the right place, "
          f"causes {', '.join(f'{word} {sum(one.cause == word for one in scores)}' for word in ('right', 'among', 'unknown', 'wrong'))}, {failed} not scored")
    return 1 if failed or any(one.problems or not one.placed or one.cause == "wrong" for one in scores) else 0


def line(one: Score) -> str:
    place = f"step {one.step} {one.kind} {one.tensor!r}" if one.kind else "-"
    mark = "ok" if one.placed and not one.problems else "KIND" if not one.sure else "PLACE" if not one.placed else "CASE"
    return f"{mark:5} {one.name:22} {one.verdict:12} {place:38} cause {one.cause:8} {one.named} {'; '.join(one.problems)} [{one.check}]"


if __name__ == "__main__":
    sys.exit(main())
