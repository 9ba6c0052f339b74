"""Read the sections of the table besides platforms: distributions, layouts, answers."""

from __future__ import annotations

from xxpy.table.columns import GROUPS
from xxpy.table.decode import Decoder
from xxpy.table.distributions import Archive, Distribution, Layout, Release, Site, Span
from xxpy.table.layers import alike
from xxpy.table.source import Source, dotted


def distributions(
    source: Source, faults: list[str]
) -> tuple[dict[str, Distribution], dict[str, tuple[Release, ...]], dict[str, Archive]]:
    """Return the distributions, their releases and their archives, by ``ID``."""
    decoder = Decoder(faults)
    distributions: dict[str, Distribution] = {}
    releases: dict[str, tuple[Release, ...]] = {}
    archives: dict[str, Archive] = {}
    for identity, entry in source.sections["distribution"].items():
        where = source.where("distribution", identity)
        raw = dict(entry)
        listed = raw.pop("release", {})
        packages = raw.pop("archive", None)
        found = decoder.build(Distribution, raw, where, id=identity)
        if found is not None:
            distributions[identity] = found
            if found.names is not None and found.names not in GROUPS:
                faults.append(f"{where}.names: {found.names!r} is not a group")
        archive = (
            None
            if packages is None
            else decoder.build(Archive, alike(packages, source), f"{where}.archive")
        )
        if archive is not None:
            archives[identity] = archive
            faults.extend(
                f"{where}.archive.architectures.{name}: {releases_with!r} is neither a release nor "
                "two with a dash"
                for name, releases_with in archive.architectures.items()
                if Span.parse(releases_with) is None
            )
        if not isinstance(listed, dict):
            faults.append(f"{where}.release: {listed!r} is not a table")
            continue
        built = [
            decoder.build(Release, value, f"{where}.release.{number}", number=number)
            for number, value in listed.items()
        ]
        releases[identity] = tuple(release for release in built if release is not None)
    return distributions, releases, archives


def layouts(source: Source, faults: list[str]) -> dict[str, Layout]:
    """Return the layouts of SDKs, by name."""
    decoder = Decoder(faults)
    built = {
        name: decoder.build(Layout, entry, source.where("layout", name))
        for name, entry in source.sections["layout"].items()
    }
    return {name: layout for name, layout in built.items() if layout is not None}


def sites(source: Source, faults: list[str]) -> dict[str, Site]:
    """Return the results of run tests, by ``os`` or ``os/libc``."""
    decoder = Decoder(faults)
    found: dict[str, Site] = {}
    for key, entry in source.sections["site"].items():
        where = source.where("site", key)
        site = decoder.build(Site, entry, where)
        if key.partition("/")[0] not in source.sections["os"]:
            faults.append(f"{where}: there is no section {dotted('os', key.partition('/')[0])}")
        elif site is not None:
            found[key] = site
            faults.extend(
                f"{where}.answers.{name}: not a variable of Autoconf's cache"
                for name in site.answers
                if "_cv_" not in name
            )
    return found
