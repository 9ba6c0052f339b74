"""Archives, packages and networks that are not as they should be: with apt, and without."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sysroot.archive import Archive, past, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sysroot.archive import Served
    from tests.sysroot.conftest import Xxpy


@pytest.fixture(scope="module")
def good(archive: Archive) -> Iterator[Served]:
    """Return the archive, served; nobody changes it."""
    with served(archive) as state:
        yield state


@pytest.fixture
def own(archive: Archive, tmp_path: Path) -> Iterator[Served]:
    """Return an archive that a test may change, served."""
    folder = tmp_path / "archive"
    shutil.copytree(archive.folder, folder, ignore=shutil.ignore_patterns("S.*"))
    with served(Archive(folder, [dict(paragraph) for paragraph in archive.packages])) as state:
        yield state


def refused(xxpy: Xxpy, served_: Served, code: int, *words: str) -> str:
    """Ask for packages, which must be refused with an exit code; nothing half is left. Return what is said."""
    done = xxpy("sysroot", "add", *served_.options, *words)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert xxpy.trees() == []
    assert not (xxpy.folder / "xxpy.lock").exists()
    return done.stderr


def packages(xxpy: Xxpy) -> list[str]:
    return sorted(
        package["name"] for package in xxpy.shown("--platform", "linux/arm64")["packages"]
    )


def test_dependencies_come_with_it(either: Xxpy, good: Served) -> None:
    path = either.good("sysroot", "add", *good.options, "libgood-dev")
    assert packages(either) == [
        "libc6-dev",
        "libgcc-12-dev",
        "libgood-dev",
        "libgood1",
        "libprovider1",
        "libstdc++-12-dev",
    ]
    assert (Path(path) / "usr/share/libgood1").read_bytes() == b"x"


def test_an_unknown_package_is_named_with_the_nearest(either: Xxpy, good: Served) -> None:
    said = refused(either, good, 14, "libgood-dve")
    assert "debian:bookworm has no package libgood-dve for arm64" in said
    assert "did you mean libgood-dev?" in said


def test_an_unknown_version_is_named_with_the_one_there_is(either: Xxpy, good: Served) -> None:
    assert "libgood1=1.0-1" in refused(either, good, 14, "libgood1=9")
    either.good("sysroot", "add", *good.options, "libgood1=1.0-1")


@pytest.mark.parametrize("word", ["libold-dev", "libhostile-dev libgood1"])
def test_packages_that_do_not_go_together_are_refused(
    either: Xxpy, good: Served, word: str
) -> None:
    assert "libgood1" in refused(either, good, 14, *word.split())


@pytest.mark.parametrize(
    "word", ["-o=Dir::Cache=/tmp", "lib good", "libgood1:armhf", "../x", "", "libgood1;id"]
)
def test_what_is_no_name_reaches_no_tool(xxpy: Xxpy, good: Served, word: str) -> None:
    assert "is not the name of a package" in refused(xxpy, good, 2, "--", word)


@pytest.mark.parametrize("word", ["libupwards-dev", "libabsolute-dev"])
def test_a_package_that_leads_out_of_the_sysroot_is_refused(
    either: Xxpy, good: Served, word: str
) -> None:
    said = refused(either, good, 15, word)
    assert "refuses this package" in said
    assert not Path("/tmp/evil").exists()  # noqa: S108 - where the package would have it
    assert list(either.cache.rglob("evil")) == []


def test_an_archive_that_others_signed_is_refused(either: Xxpy, own: Served) -> None:
    own.archive.publish(key="bad")
    refused(either, own, 15, "libgood-dev")


def test_an_archive_without_a_signature_is_refused(either: Xxpy, own: Served) -> None:
    for suite in (own.archive.folder / "dists").iterdir():
        (suite / "Release").replace(suite / "InRelease")
    refused(either, own, 15, "libgood-dev")


def test_package_lists_that_were_changed_are_refused(either: Xxpy, own: Served) -> None:
    for path in own.archive.folder.glob("dists/bookworm/main/*/Packages*"):
        path.write_bytes(path.read_bytes()[:-1] + b"#")
    refused(either, own, 15, "libgood-dev")


def test_a_package_that_was_changed_is_refused_and_not_kept(either: Xxpy, own: Served) -> None:
    pool = own.archive.folder / "pool/libgood1_1.0-1_arm64.deb"
    whole = pool.read_bytes()
    pool.write_bytes(whole[:-1] + b"#")
    refused(either, own, 15, "libgood-dev")
    pool.write_bytes(whole)
    either.good("sysroot", "add", *own.options, "libgood-dev")


def test_an_expired_archive_is_refused(tmp_path: Path, own: Served) -> None:
    from tests.sysroot.conftest import Xxpy  # noqa: PLC0415 - the class, not the fixture

    own.archive.publish(fields=past())
    assert "has expired" in refused(Xxpy(tmp_path, apt=False), own, 15, "libgood-dev")


def test_without_keys_nothing_is_taken(either: Xxpy, own: Served) -> None:
    own.archive.keyring.unlink()
    assert "--keyring" in refused(either, own, 15, "libgood-dev")


def test_a_platform_that_the_release_lacks_is_refused_before_anything_is_asked(
    xxpy: Xxpy, own: Served
) -> None:
    for platform, code in (("linux/riscv64", 3), ("windows/amd64", 3), ("linux/loong64", 3)):
        done = xxpy("sysroot", "add", *own.options, "--platform", platform, "libgood-dev")
        assert done.returncode == code, done.stderr
    assert own.seen == []


@pytest.mark.parametrize("word", ["debian:bookwurm", "debain", "debian:99", "fedora:42"])
def test_an_unknown_release_is_named(xxpy: Xxpy, word: str) -> None:
    done = xxpy("sysroot", "add", "--platform", "linux/arm64", "--distribution", word)
    assert done.returncode == 2
    assert "hint: did you mean" in done.stderr or "hint: expected one of" in done.stderr


def test_a_package_that_the_mirror_lost_is_an_error_of_the_network(
    either: Xxpy, own: Served
) -> None:
    (own.archive.folder / "pool/libgood1_1.0-1_arm64.deb").unlink()
    refused(either, own, 16, "libgood-dev")


@pytest.mark.slow  # each mirror that does not answer is tried several times
def test_without_a_network_what_is_cached_still_works(either: Xxpy, archive: Archive) -> None:
    with served(archive) as state:
        options = state.options
        either.good("sysroot", "add", *options, "libgood-dev")
        either.good("sysroot", "remove", "--platform", "linux/arm64", "debian-bookworm")
    for path in (either.cache / "xxpy/apt").rglob("*"):
        os.utime(path, (0, 0))
    done = either("sysroot", "add", *options, "libgood-dev")
    assert done.returncode == 0, done.stderr
    assert "warning:" in done.stderr
    assert either("sysroot", "add", *options, "libbig-dev").returncode == 16
    assert "libgood-dev" in packages(either)
    other = type(either)(either.folder / "other", apt=either.apt)
    other.folder.mkdir()
    assert other("sysroot", "add", *options).returncode == 16


def test_a_download_that_breaks_off_is_gone_on_with(either: Xxpy, good: Served) -> None:
    good.cut.add("libbig-dev_1.0-1_arm64.deb")
    path = either.good("sysroot", "add", *good.options, "libbig-dev")
    assert (Path(path) / "usr/share/libbig-dev").stat().st_size == 3_000_000
    assert good.cut == set()


def test_an_interrupted_download_leaves_no_half_package(either: Xxpy, own: Served) -> None:
    own.held.add("libbig-dev_1.0-1_arm64.deb")
    running = either.start("sysroot", "add", *own.options, "libbig-dev")
    while not any(path.endswith("libbig-dev_1.0-1_arm64.deb") for path, _ in own.seen):
        assert running.poll() is None, "it ends only when it is interrupted"
        time.sleep(0.05)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode == 130, said
    own.held.clear()
    assert either.trees() == []
    path = either.good("sysroot", "add", *own.options, "libbig-dev")
    assert (Path(path) / "usr/share/libbig-dev").stat().st_size == 3_000_000
    assert [path.name for path in (either.cache / "xxpy/packages/partial").iterdir()] == []


def test_two_that_add_at_once_both_succeed(either: Xxpy, good: Served) -> None:
    running = [
        either.start("sysroot", "add", *good.options, name)
        for name in ("libgood1", "libbig-dev", "libdevice-dev")
    ]
    for child in running:
        _, said = child.communicate()
        assert child.returncode == 0, said
    assert {"libgood1", "libbig-dev", "libdevice-dev"} <= set(packages(either))
    assert len(either.trees()) == 1


def test_a_full_disk_is_named(xxpy: Xxpy, good: Served) -> None:
    xxpy.wrapper = (
        "unshare",
        "--mount",
        "sh",
        "-c",
        'mount -t tmpfs -o size=2m none "$XDG_CACHE_HOME" && exec "$@"',
        "sh",
    )
    xxpy.cache.mkdir()
    xxpy.apt = False
    xxpy.variables["PATH"] = os.environ["PATH"]
    done = xxpy("sysroot", "add", *good.options, "libbig-dev")
    assert done.returncode == 9, done.stderr
    assert "no space is left" in done.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "is not a lock file"),
        ('{"version": 2}', "is not a lock file of version 1"),
        (
            '{"version": 1, "sysroots": {"debian:bookworm": {"arm64": {"requested": ["a"], "packages": [{"name": "a"}]}}}}',
            "is not a package",
        ),
        ('{"version": 1, "sysroots": {}}', "has nothing for debian:bookworm arm64"),
    ],
)
def test_a_lock_file_that_is_none_is_refused(
    xxpy: Xxpy, good: Served, text: str, words: str
) -> None:
    (xxpy.folder / "xxpy.lock").write_text(text)
    done = xxpy("sysroot", "add", *good.options, "--locked")
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_locked_takes_nothing_but_what_is_locked(either: Xxpy, own: Served) -> None:
    either.good("sysroot", "add", *own.options, "libgood-dev")
    lock = either.folder / "xxpy.lock"
    locked = lock.read_bytes()
    assert either("sysroot", "add", *own.options, "--locked", "libbig-dev").returncode == 2
    own.archive.add("libgood1", version="1.0-2")
    own.archive.publish()
    shutil.rmtree(either.cache)
    either.good("sysroot", "add", *own.options, "--locked")
    assert lock.read_bytes() == locked
    lock.write_bytes(
        re.sub(
            rb'"sha256": "(.)',
            lambda found: b'"sha256": "' + (b"1" if found[1] == b"0" else b"0"),
            locked,
        )
    )
    shutil.rmtree(either.cache)
    assert either("sysroot", "add", *own.options, "--locked").returncode == 15


def alone(folder: Path) -> Xxpy:
    """Return a machine without apt."""
    from tests.sysroot.conftest import Xxpy  # noqa: PLC0415 - the class, not the fixture

    return Xxpy(folder, apt=False)


def _age(xxpy: Xxpy) -> None:
    """Let the lists that were read before be too old to be taken as they are."""
    for path in xxpy.cache.rglob("*.InRelease"):
        os.utime(path, (0, 0))


def test_an_older_list_is_not_taken_for_a_newer_one(tmp_path: Path, own: Served) -> None:
    machine = alone(tmp_path)
    machine.good("sysroot", "add", *own.options, "libgood-dev")
    own.archive.publish(fields={"Date": past()["Date"]})
    _age(machine)
    done = machine("sysroot", "add", *own.options, "libgood-dev")
    assert (done.returncode, "is older than what was read before" in done.stderr) == (15, True), (
        done.stderr
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"Suite": "oldstable", "Codename": "bullseye"},
            "is signed as the release 'bullseye', not bookworm",
        ),
        ({"Valid-Until": "soon"}, "has a date that cannot be read: 'soon'"),
    ],
)
def test_a_release_of_another_form_is_refused(
    fields: dict[str, str], message: str, tmp_path: Path, own: Served
) -> None:
    own.archive.publish(fields=fields)
    assert message in refused(alone(tmp_path), own, 15, "libgood-dev")


def test_a_release_without_hashes_that_count_is_refused(tmp_path: Path, own: Served) -> None:
    own.archive.publish(hashed="MD5Sum")
    assert "has no SHA256 hashes of its package lists" in refused(
        alone(tmp_path), own, 15, "libgood-dev"
    )


def test_apt_does_not_let_the_machine_take_back_valid_until(tmp_path: Path, own: Served) -> None:
    from tests.sysroot.conftest import Xxpy  # noqa: PLC0415 - the class, not the fixture

    own.archive.publish(fields=past())
    configuration = tmp_path / "apt.conf"
    configuration.write_text('Acquire::Check-Valid-Until "false";\n')
    (tmp_path / "machine").mkdir()
    machine = Xxpy(tmp_path / "machine", variables={"APT_CONFIG": str(configuration)})
    assert machine("sysroot", "add", *own.options, "libgood-dev").returncode != 0


def test_versions_that_cannot_be_read_are_named(tmp_path: Path, own: Served) -> None:
    for key, value in (("Size", "many"), ("Filename", "../../etc/passwd"), ("SHA256", "0" * 63)):
        paragraph = next(found for found in own.archive.packages if found["Package"] == "libgood1")
        own.archive.packages.append({**paragraph, "Version": "9", key: value})
    own.archive.publish()
    done = alone(tmp_path)("sysroot", "add", *own.options, "libgood-dev")
    assert (
        done.returncode,
        "3 versions of libgood1 are malformed and were left out" in " ".join(done.stderr.split()),
    ) == (0, True), done.stderr
