"""Measures libjq: nanoseconds per evaluation of a compiled program over a parsed document.

Arguments: a folder with programs.json and the documents it names. Prints one line for each
program: its name, a tab, the median of several rounds.

The package converts a Python value to libjq's for each evaluation. That is no part of an
evaluation: it is measured alone, as the program `empty` over the same document, and subtracted.
"""

import json
import os
import sys
import time

import jq


def evaluate(program, text):
    for _ in program.input_text(text):
        pass


def rounds(program, text, count, seconds):
    found = []
    for _ in range(count):
        start = time.perf_counter()
        n = 0
        while n == 0 or time.perf_counter() - start < seconds:
            evaluate(program, text)
            n += 1
        found.append((time.perf_counter() - start) / n * 1e9)
    return sorted(found)


def measure(text, document):
    program = jq.compile(text)
    start = time.perf_counter()
    evaluate(program, document)
    nanos = (time.perf_counter() - start) * 1e9
    if nanos > 2e9:
        return nanos
    rounds(program, document, 1, 0.3)
    return rounds(program, document, 5, 0.2)[2]


def main(folder):
    with open(os.path.join(folder, "programs.json")) as file:
        programs = json.load(file)
    reading = {}
    for program in programs:
        with open(os.path.join(folder, program["document"] + ".json")) as file:
            document = file.read()
        if program["document"] not in reading:
            reading[program["document"]] = measure("empty", document)
        try:
            nanos = measure(program["text"], document)
        except ValueError:
            continue
        alone = max(nanos - reading[program["document"]], 1)
        print(f"{program['name']}\t{alone:f}", flush=True)


main(sys.argv[1])
