"""``xx-apk`` with each real apk that is found, in a system with Alpine's identity and repositories of a test: what apk does with its words.

Where no apk is found only the stand-in of ``test_xx_apk`` is tried.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.differential import alpine, machine
from tests.differential.alpine import Package
from tests.differential.machine import MEMORY
from tests.differential.roots import SHELLS
from xxpy.machine import resources
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from tests.differential.alpine import Key
    from tests.differential.machine import Machine

TABLE = resources.table()
APKS = {apk.name: apk for apk in alpine.apks()}
PLATFORMS = (
    "linux/arm64",
    "linux/arm/v7",
    "linux/arm/v6",
    "linux/386",
    "linux/riscv64",
    "linux/s390x",
    "linux/ppc64le",
)
NATIVE = {"x86_64": "linux/amd64", "aarch64": "linux/arm64"}[os.uname().machine]
FAILS = "#!/bin/sh\nexit 1\n"
RUNS = "#!/bin/sh\necho it runs\n"


def packages(key: Key) -> list[Package]:
    """Return what a small distribution has: libraries, programs, and a script that cannot run."""
    return [
        Package("alpine-keys", {f"usr/share/apk/keys/{key.public.name}": key.public.read_bytes()}),
        Package("musl", {"lib/libc.so": "musl"}, provides=["so:libc.musl.so.1=1"]),
        Package(
            "musl-dev",
            {"usr/include/stdio.h": "", "usr/lib/libc.a": "musl"},
            depends=["musl=1.0-r0"],
        ),
        Package(
            "gcc",
            {"usr/bin/gcc": RUNS, "usr/lib/gcc/crtbegin.o": ""},
            programs=["usr/bin/gcc"],
            depends=["binutils"],
        ),
        Package(
            "g++",
            {"usr/bin/g++": RUNS, "usr/lib/libstdc++.a": ""},
            programs=["usr/bin/g++"],
            depends=["gcc"],
        ),
        Package(
            "binutils",
            {"usr/bin/ld": RUNS, "sbin/ld": RUNS},
            programs=["usr/bin/ld", "sbin/ld"],
            script=FAILS,
        ),
        Package("zlib", {"usr/lib/libz.so.1": "zlib"}, provides=["so:libz.so.1=1"]),
        Package(
            "zlib-dev",
            {"usr/lib/libz.so": "-> libz.so.1", "usr/lib/pkgconfig/z.pc": ""},
            depends=["zlib=1.0-r0"],
            provides=["pc:z=1"],
        ),
        Package("compiler-rt", {"usr/lib/clang/20/lib/linux/libclang_rt.builtins.a": "rt"}),
        Package("rust-stdlib", {"usr/lib/rustlib/some-triple/lib/libstd.rlib": "std"}),
    ]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return alpine.key(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module", params=APKS)
def repository(
    request: pytest.FixtureRequest, key: Key, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """An apk, and a repository that it has made for this machine and every platform."""
    apk = APKS[request.param]
    folder = tmp_path_factory.mktemp("repository")
    for platform in (*PLATFORMS, NATIVE):
        alpine.repository(folder, name(platform, "alpine-arch"), packages(key), key, apk)
    return apk, folder


def name(platform: str, query: str) -> str:
    """Return a name of a platform on Alpine."""
    build = parse(NATIVE, TABLE.words)
    return str(resolve(TABLE, parse(platform, TABLE.words), "alpine", build=build).name(query))


@dataclass(frozen=True)
class Alpine:
    """A system with an apk, the test's repository at ``/repository``, and its key."""

    made: Machine

    def xx(
        self, *words: str, platform: str = "linux/arm64", **variables: str
    ) -> tuple[int, str, str]:
        done = self.made.tried("xx-apk", *words, TARGETPLATFORM=platform, **variables)
        return done.returncode, done.stdout, done.stderr

    def ok(self, *words: str, platform: str = "linux/arm64", **variables: str) -> str:
        """Run xx-apk, which succeeds, and return what it prints on stdout."""
        status, output, errors = self.xx(*words, platform=platform, **variables)
        assert status == 0, output + errors
        return output

    def root(self, platform: str = "linux/arm64") -> Path:
        return self.made.root / name(platform, "triple")

    def files(self, platform: str = "linux/arm64") -> set[str]:
        """Return the files below a root, without apk's own."""
        root = self.root(platform)
        paths = {
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if path.is_file() or path.is_symlink()
        }
        return {
            path
            for path in paths
            if not path.startswith(("etc/apk/", "lib/apk/", "usr/lib/apk/", "var/"))
        }


@pytest.fixture
def system(request: pytest.FixtureRequest, repository: tuple[Path, Path], key: Key) -> Alpine:
    """An Alpine in name, with the shell that the test names."""
    apk, folder = repository
    place = Path(tempfile.mkdtemp(dir=MEMORY, prefix="xxpy-test-"))
    request.addfinalizer(lambda: shutil.rmtree(place))  # noqa: PT021 - what fails below is cleaned up too
    made = machine.make(place, "alpine", getattr(request, "param", "dash"))
    shutil.copy(apk, made.path("usr/bin/apk"))
    for path, text in {
        "repositories": "/repository\n",
        f"keys/{key.public.name}": key.public.read_text(),
        "world": "",
    }.items():
        (made.path("etc/apk") / path).parent.mkdir(parents=True, exist_ok=True)
        (made.path("etc/apk") / path).write_text(text)
    shutil.copytree(folder, made.root / "repository")
    for path in ("lib/apk/db", "var/cache/apk", "var/log"):
        made.sh(f"mkdir -p /{path}")
    return Alpine(made)


@pytest.mark.parametrize(
    ("platform", "system"),
    [*((PLATFORMS[0], shell) for shell in SHELLS), *((key, "dash") for key in PLATFORMS[1:])],
    indirect=["system"],
)
def test_install_search_and_remove_for_every_architecture(
    platform: str, system: Alpine, key: Key
) -> None:
    system.ok("setup", platform=platform)
    assert system.files(platform) == {f"usr/share/apk/keys/{key.public.name}"}
    assert (system.root(platform) / "etc/apk/arch").read_text() == name(
        platform, "alpine-arch"
    ) + "\n"
    assert "zlib-dev-1.0-r0" in system.ok("search", "zlib*", platform=platform).split()
    system.ok("add", "--no-cache", "zlib-dev", platform=platform)
    added = {"usr/lib/libz.so", "usr/lib/libz.so.1", "usr/lib/pkgconfig/z.pc"}
    assert system.files(platform) - {f"usr/share/apk/keys/{key.public.name}"} == added
    assert set(system.ok("info", platform=platform).split()) == {"alpine-keys", "zlib", "zlib-dev"}
    assert "usr/lib/libz.so" in system.ok("info", "-L", "zlib-dev", platform=platform)
    system.ok("del", "zlib-dev", platform=platform)
    assert system.files(platform) == {f"usr/share/apk/keys/{key.public.name}"}
    system.ok("clean", platform=platform)
    assert not system.root(platform).exists()
    assert not system.made.path("usr/lib/libz.so.1").exists(), (
        "nothing of it is in the machine's own root"
    )


@pytest.mark.parametrize("system", SHELLS, indirect=True)
def test_essentials_without_binaries_and_scripts(system: Alpine) -> None:
    """The script of binutils fails where it runs, as one of a foreign machine does."""
    system.ok("add", "xx-c-essentials", "xx-cxx-essentials")
    found = system.files()
    assert found >= {
        "usr/lib/libc.a",
        "usr/include/stdio.h",
        "usr/lib/gcc/crtbegin.o",
        "usr/lib/libstdc++.a",
    }
    assert not {path for path in found if "bin/" in path}
    system.ok("fix", "binutils", XX_APK_KEEP_BINARIES="1")
    assert system.files() >= {"usr/bin/ld", "sbin/ld"}
    system.ok("upgrade")
    assert not {path for path in system.files() if "bin/" in path}


def test_virtual_packages(system: Alpine) -> None:
    for option in (("-t", ".build"), ("--virtual", ".build"), ("--virtual=.build",), ("-t.build",)):
        system.ok("add", *option, "zlib-dev", "musl-dev")
        assert {"zlib-dev", "musl-dev"} <= set(system.ok("info").split())
        system.ok("del", ".build")
        assert set(system.ok("info").split()) == {"alpine-keys"}
    # The same before the verb.
    system.ok("--virtual", ".add", "add", "zlib-dev")
    assert "zlib-dev" in system.ok("info").split()
    system.ok("del", ".add")
    assert "zlib-dev" not in system.ok("info").split()


def test_keys(system: Alpine, key: Key, tmp_path: Path) -> None:
    """A repository is trusted by the machine's keys, by those that sign for the target, by --allow-untrusted, and not without."""
    keys = system.made.path("etc/apk/keys")
    own = (keys / key.public.name).read_text()
    (keys / key.public.name).unlink()
    (keys / "other.rsa.pub").write_text(alpine.key(tmp_path, "other").public.read_text())
    status, _, errors = system.xx("add", "zlib-dev")
    assert status == 1
    assert "UNTRUSTED signature" in errors
    assert f"the root /{name('linux/arm64', 'triple')} cannot be prepared" in errors
    # Alpine keeps the keys of other architectures here.
    place = system.made.path("usr/share/apk/keys/aarch64")
    place.mkdir(parents=True)
    (place / key.public.name).write_text(own)
    system.ok("add", "zlib-dev")
    assert (system.root() / "etc/apk/keys" / key.public.name).read_text() == own
    assert not (keys / key.public.name).exists()


def test_a_second_repository_and_its_key(
    system: Alpine, repository: tuple[Path, Path], tmp_path: Path
) -> None:
    apk, _ = repository
    theirs = alpine.key(tmp_path, "theirs")
    alpine.repository(
        system.made.root / "second",
        "aarch64",
        [Package("extra", {"usr/lib/libextra.a": "extra"})],
        theirs,
        apk,
    )
    system.ok("setup")
    assert system.xx("add", "-X", "/second", "extra")[0] != 0
    system.ok("add", "--allow-untrusted", "-X", "/second", "extra")
    system.ok("del", "extra")
    shutil.copy(theirs.public, system.root() / "etc/apk/keys")
    system.ok("--repository", "/second", "add", "extra")
    assert "usr/lib/libextra.a" in system.files()


def test_repositories_and_keys_that_are_links(system: Alpine, key: Key) -> None:
    """As a mounted configuration makes them; one key points nowhere."""
    etc = "/etc/apk"
    system.made.sh(
        f"mkdir /mine; mv {etc}/repositories /mine; ln -s /mine/repositories {etc}; mv {etc}/keys/{key.public.name} /mine; "
        f"ln -s /mine/{key.public.name} {etc}/keys"
    )
    system.ok("add", "zlib-dev")
    system.ok("clean")
    system.made.sh(
        f"ln -s /nowhere {etc}/keys/other.rsa.pub; rm {etc}/keys/{key.public.name}; cp /mine/{key.public.name} {etc}/keys; rm {etc}/repositories; cp /mine/repositories {etc}"
    )
    system.ok("add", "zlib-dev")


VERBS = (
    "policy zlib",
    "list zlib*",
    "search -x zlib",
    "info -d zlib",
    "fetch zlib",
    "fetch -o /tmp zlib-dev",
    "version",
    "stats",
    "audit",
    "verify /repository/aarch64/zlib-1.0-r0.apk",
    "cache clean",
    "update",
    "--update add zlib",
    "add -U --upgrade zlib",
    "add --simulate g++",
    "upgrade -a",
    "fix",
    "-q info",
)


def test_every_verb_works_on_the_root(system: Alpine) -> None:
    for words in VERBS:
        system.ok(*words.split())
    assert (system.made.work / "zlib-1.0-r0.apk").exists()
    assert "gcc" not in system.ok("info").split()
    assert system.xx("info", "-e", "g++")[0] == 1
    assert "zlib-1.0-r0 aarch64" in system.ok("list", "--installed")


def test_cache(system: Alpine) -> None:
    """A cache that a build mounts is used by the root, and --no-cache leaves none."""
    system.made.sh("mkdir -p /cache")
    system.ok("add", "--cache-dir", "/cache", "zlib-dev")
    system.ok("add", "--no-cache", "musl-dev")
    assert not [path for path in (system.root() / "var/cache").rglob("*") if path.is_file()]
    system.ok("update")


def test_native_is_plain_apk(system: Alpine, key: Key) -> None:
    """On the machine's own root nothing is prepared, scripts run, and binaries stay."""
    system.made.sh("apk add --initdb --no-cache alpine-keys")
    assert system.xx("add", "--no-cache", "zlib-dev", platform=NATIVE)[0] == 0
    assert system.made.sh("readlink /usr/lib/libz.so") == "libz.so.1\n"
    status, _, errors = system.xx("add", "--no-cache", "xx-c-essentials", platform="")
    assert "script exited with error 1" in errors or "error 1" in errors
    assert status != 0
    assert system.made.run("gcc").stdout == "it runs\n"
    assert not list(system.made.root.glob("*-alpine-linux-*"))
    assert key.public.name in system.made.sh("ls /usr/share/apk/keys")


def test_libraries_of_compilers(system: Alpine) -> None:
    system.ok("add", "compiler-rt", "rust-stdlib")
    root = name("linux/arm64", "triple")
    assert (
        system.made.sh(
            "cat /usr/lib/clang/20/lib/linux/libclang_rt.builtins.a /usr/lib/rustlib/some-triple/lib/libstd.rlib"
        )
        == "rtstd"
    )
    assert (
        system.made.sh("readlink /usr/lib/rustlib/some-triple")
        == f"/{root}/usr/lib/rustlib/some-triple\n"
    )
    system.ok("clean")
    assert not system.made.path("usr/lib/rustlib/some-triple").is_symlink()


def test_failures_of_apk_pass_through(system: Alpine) -> None:
    """A package that there is not: apk's own status and words."""
    status, output, errors = system.xx("add", "zlib-devel")
    assert status not in {0, 127}
    assert "zlib-devel (no such package)" in output + errors
    assert system.xx("nonsense")[0] != 0
    assert system.xx("--nonsense")[0] != 0
    # The root is whole, and goes on.
    system.ok("add", "zlib-dev")


def test_a_repository_without_the_architecture(system: Alpine) -> None:
    shutil.rmtree(system.made.root / "repository/s390x")
    status, _, errors = system.xx("add", "zlib-dev", platform="linux/s390x")
    assert status == 1
    assert "hint: see the messages of apk above" in errors


def test_two_at_once(system: Alpine) -> None:
    """Two processes prepare and fill one root."""
    system.made.sh(
        "xx-apk add zlib-dev & one=$!; xx-apk add musl-dev & two=$!; wait $one; wait $two",
        TARGETPLATFORM="linux/arm64",
    )
    assert {"zlib-dev", "musl-dev"} <= set(system.ok("info").split())


KILLERS = {
    "mkdir": '/bin/mkdir "$@"; kill -9 $PPID',
    "cp": '/bin/cp "$@"; kill -9 $PPID',
    "mv": '/bin/mv "$@"; kill -9 $PPID',
    "rm": "kill -9 $PPID",
    # Without its last word it makes the root, and writes the architecture, but adds nothing.
    "apk": 'all=$#; for word; do shift; [ "$((all -= 1))" = 0 ] || set -- "$@" "$word"; done\n'
    '/usr/bin/apk "$@"; kill -9 $PPID',
}
"""What ends xx-apk while it prepares a root."""


@pytest.mark.parametrize("system", ["dash", "busybox"], indirect=True)
@pytest.mark.parametrize("tool", KILLERS)
def test_a_root_that_a_kill_left_is_made_whole(tool: str, system: Alpine, key: Key) -> None:
    system.made.tool(f"usr/killer/{tool}", KILLERS[tool])
    status, _, errors = system.xx("setup", PATH=f"/usr/killer:{machine.PATH}")
    assert status == -signal.SIGKILL, errors
    assert len(list(system.root().glob("etc/.xxpy-*"))) == 1
    system.ok("setup")
    assert system.files() == {f"usr/share/apk/keys/{key.public.name}"}
    assert (system.root() / "etc/apk/arch").read_text() == "aarch64\n"
    assert not list(system.root().glob("etc/.xxpy-*"))
    assert set(system.ok("info").split()) == {"alpine-keys"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_root_whose_preparation_is_stopped_is_not_taken_for_whole(
    number: signal.Signals, system: Alpine, key: Key
) -> None:
    system.made.tool("usr/killer/apk", KILLERS["apk"].replace("-9", f"-{int(number)}"))
    status, _, errors = system.xx("setup", PATH=f"/usr/killer:{machine.PATH}")
    assert status == 128 + number, errors
    assert not (system.root() / "etc/apk/arch").exists()
    assert not list(system.root().glob("etc/.xxpy-*"))
    system.ok("setup")
    assert system.files() == {f"usr/share/apk/keys/{key.public.name}"}


def test_a_root_that_is_half_removed_is_prepared_again(system: Alpine, key: Key) -> None:
    system.ok("add", "zlib-dev")
    # A kill comes before the root itself goes, and half of it is gone.
    system.made.tool("usr/killer/rm", '/bin/rm -rf "$2" "$3" "$4" "$5/usr"; kill -9 $$')
    status, _, errors = system.xx("clean", PATH=f"/usr/killer:{machine.PATH}")
    assert status == -signal.SIGKILL, errors
    assert system.root().exists()
    system.ok("setup")
    assert f"usr/share/apk/keys/{key.public.name}" in system.files()
    system.ok("clean")
    assert not system.root().exists()
