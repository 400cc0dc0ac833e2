"""Images: pulled from Debian's docker-registry on loopback, removed, loaded, saved, and listed where there are many."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

from . import contestants, engines, image_sources, measure
from .image_contestants import ByEngine, Ctr, Podman, Skopeo
from .requests import measured as answered

LARGE = "one of 6 layers with 5,000 files of 20 kB each", 6, 5_000, 20_000
SMALL = "one of 60 layers with 10 files of 1 kB each", 60, 10, 1_000
MANY = 1000
LISTS = 50  # of one measurement


def run(rounds):
    with engines.all_started() as started, tempfile.TemporaryDirectory(prefix="proa-bench-") as folder:
        folder = Path(folder)
        with image_sources.Registry(folder / "registry") as registry, others(folder) as rest:
            everybody = [*map(ByEngine, started), *rest]
            images = {}
            for description, count, files, size in (LARGE, SMALL):
                layers = (image_sources.layer(number, files, size) for number in range(count))
                name, packed = registry.put(f"image{count}", layers)
                images[name] = f"{description}, {packed / 1e6:.0f} MB compressed"
                compare_pulls(everybody, name, images[name], rounds)
            compare_archives([each for each in everybody if each.name != "skopeo"], next(iter(images)), folder, rounds)
        compare_lists(started, folder, rounds)


@contextlib.contextmanager
def others(folder):
    """Those that are installed."""
    kinds = {"podman": Podman, "ctr": Ctr, "skopeo": Skopeo}
    with contextlib.ExitStack() as stack:
        made = []
        for name in measure.installed({name: name for name in kinds}):
            each = kinds[name](name, folder)
            stack.callback(each.stop)
            made.append(each)
        yield made


def compare_pulls(everybody, image, description, rounds):
    medians = measure.interleaved({each.name: pulled_and_removed(each, image) for each in everybody}, rounds)
    columns = {"wall": "pull, wall ms", "cpu": "pull, CPU ms", "peak": "peak MB", "rmi": "removal, wall ms"}
    measure.print_table(f"An image: {description}", medians, columns, "proa")


def pulled_and_removed(contestant, image):
    def once(_):
        contestant.forget_peak()
        figures = timed(contestant, lambda: contestant.pull(image))
        figures["peak"] = contestant.peak()
        figures["rmi"] = timed(contestant, lambda: contestant.remove(image))["wall"]
        return figures

    return once


def timed(contestant, act):
    os.sync()  # what the last one has written is not this one's to wait for
    contestant.settle()
    cpu, start = contestant.cpu(), time.perf_counter()
    act()
    wall = time.perf_counter() - start
    contestant.settle()
    return {"wall": wall * 1e3, "cpu": contestant.cpu() - cpu}


def compare_archives(everybody, image, folder, rounds):
    """The same image, as dockerd saves it; if there is no dockerd, as Proa does."""
    archive = folder / "saved.tar"
    engine = [each for each in everybody if isinstance(each, ByEngine)][-1].engine
    engine.docker("pull", image)
    engine.docker("save", "--output", archive, image)
    engine.docker("rmi", image)
    medians = measure.interleaved({each.name: loaded_and_saved(each, image, archive) for each in everybody}, rounds)
    columns = {"load": "load, wall ms", "load cpu": "load, CPU ms", "save": "save, wall ms", "save cpu": "save, CPU ms"}
    measure.print_table("The first of them, loaded from dockerd's archive and saved to nowhere", medians, columns, "proa")


def loaded_and_saved(contestant, image, archive):
    def once(_):
        load = timed(contestant, lambda: contestant.load(archive))
        save = timed(contestant, lambda: contestant.save(image))
        contestant.remove(image)
        return {"load": load["wall"], "load cpu": load["cpu"], "save": save["wall"], "save cpu": save["cpu"]}

    return once


def compare_lists(started, folder, rounds):
    archive = folder / "many.tar"
    image_sources.many_images(archive, MANY)
    client = contestants.built(folder, "requests")
    for engine in started:
        engine.docker("load", "--quiet", "--input", archive)
    medians = measure.interleaved(
        {engine.kind: answered(engine, client, "/images/json", 1, LISTS) for engine in started}, rounds)
    columns = {"rate": "lists a second", "wall": "µs", "cpu": "daemon's CPU µs"}
    measure.print_table(f"GET /images/json, {MANY} images", medians, columns, "proa")
