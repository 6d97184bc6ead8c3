"""Measures libjq: nanoseconds per evaluation of a compiled program over a parsed document.

Arguments: a folder with programs.json and the documents it names. Prints one line for each
program: its name, a tab, the best of several rounds.

The package reads its input anew for each evaluation. That is no part of an evaluation, so a
program is evaluated many times over one input, in a loop of jq's own; a turn of the loop alone,
about 0.2 us, is subtracted.
"""

import json
import os
import sys
import time

import jq


def loop(program, turns):
    return jq.compile(f". as $document | last(range({turns}) as $turn | $document | ({program}))")


def seconds(program, document):
    start = time.perf_counter()
    for _ in program.input_text(document):
        pass
    return time.perf_counter() - start


def measure(text, document):
    turns = 1
    taken = seconds(loop(text, turns), document)
    if taken > 0.5:
        return (taken - seconds(jq.compile("."), document)) * 1e9
    while taken < 0.1 and turns < 100_000:
        turns *= 4
        taken = seconds(loop(text, turns), document)
    program = loop(text, turns)
    nothing = loop(".", turns)
    best = min(seconds(program, document) for _ in range(4))
    return (best - min(seconds(nothing, document) for _ in range(4))) / turns * 1e9


def main(folder):
    with open(os.path.join(folder, "programs.json")) as file:
        programs = json.load(file)
    for program in programs:
        with open(os.path.join(folder, program["document"] + ".json")) as file:
            document = file.read()
        try:
            nanos = measure(program["text"], document)
        except ValueError:
            continue
        if nanos <= 0:
            continue
        print(f"{program['name']}\t{nanos:f}", flush=True)


main(sys.argv[1])
