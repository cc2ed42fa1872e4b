"""The device filter: deciding alone, and samples taken in through it."""

import random
from pathlib import Path

from bench import Bench
from figure import Figure, Quantity, at_least
from workload import DAY, instant

SAMPLES = "/api/v1/bench/samples"
DEVICES = 1000
ROUNDS = 500
STEP = 5  # seconds between two samples of a device


def measure(bench: Bench) -> list[Figure]:
    decided = bench.in_process["samples that the device filter decides of"]
    return [at_least(f"samples decided of {decided.beside}", decided.ours, 500_000), _taken_in(bench)]


def _taken_in(bench: Bench) -> Figure:
    path = bench.directory / "samples.ndjson"
    _write_samples(path, bench.workload.all.end - DAY)
    daybook = bench.new_daybook("filtered")
    daybook.start()
    try:
        outcome = bench.load.run(daybook.port, SAMPLES, path, connections=8, lines=1000, type="application/x-ndjson")
    finally:
        daybook.stop()
    return Figure("samples through a filter, 1,000 a request, 8 connections",
                  Quantity(outcome.lines_per_second, "/s"))


def _write_samples(path: Path, begin: int) -> None:
    """Each value walks a little, so that some samples are kept and most only count."""
    numbers = random.Random(1)
    cpu, temperature = [20.0] * DEVICES, [21.0] * DEVICES
    with path.open("w") as out:
        for i in range(ROUNDS):
            at = instant(begin + STEP * i)
            for device in range(DEVICES):
                cpu[device] = abs(cpu[device] + numbers.uniform(-0.2, 0.2))
                temperature[device] += numbers.uniform(-0.1, 0.1)
                out.write(f'{{"at":"{at}","device":"device-{device}",'
                          f'"metrics":{{"cpu":{cpu[device]:.2f},"temperature":{temperature[device]:.2f}}}}}\n')
