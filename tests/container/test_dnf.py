"""``xx-dnf`` with the real dnf and rpm, over a repository of packages for aarch64 that rpmbuild makes.

What a system has comes from Debian's own arm64 packages. The library ``answer`` is compiled from its spec, as Fedora's are: in
``/usr/lib64``, with a -devel package, and with the dependencies that rpm itself finds in its ELF files.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import pytest

from tests.container.lab import images
from tests.container.lab.commands import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.container.lab.daemon import Docker

PROGRAM: Final = '#include <stdio.h>\n#include <zlib.h>\nint main(void) { printf("zlib %s\\n", zlibVersion()); return 0; }\n'

AGAIN: Final = '#include <answer.h>\n#include <stdio.h>\nint main(void) { printf("answer %lu\\n", answer()); return 0; }\n'

RECIPE: Final = """\
FROM {base}
ENV DEBIAN_FRONTEND=noninteractive
RUN echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe && apt-get update && apt-get install -y --no-install-recommends clang lld dnf rpm createrepo-c
RUN dpkg --add-architecture arm64 && apt-get update && mkdir /debs && cd /debs && \\
    apt-get -o APT::Sandbox::User=root download zlib1g:arm64 zlib1g-dev:arm64 libc6:arm64 libc6-dev:arm64 linux-libc-dev:arm64 libgcc-12-dev:arm64 libgcc-s1:arm64
COPY pack answer.spec program.c again.c /
RUN sh /pack
# A Fedora in name: what is installed on it comes from the repository alone. There yum is dnf by another name.
RUN ln -s dnf-3 /usr/bin/yum && rm -f /etc/os-release && printf 'ID=fedora\\nVERSION_ID=42\\n' >/etc/os-release && mkdir -p /etc/yum.repos.d && \\
    printf '[local]\\nname=local\\nbaseurl=file:///repository/$releasever\\ngpgcheck=0\\n' >/etc/yum.repos.d/local.repo
"""

PACK: Final = r"""
set -e
unpack() {
  rm -rf /tree && mkdir /tree
  for deb; do dpkg-deb -x /debs/"$deb"_*.deb /tree; done
  # Fedora's packages have relative links, and their scripts would run ldconfig.
  find /tree -type l -lname '/*' | while read -r link; do ln -sfr "/tree$(readlink "$link")" "$link"; done
}
build() {
  rpmbuild -bb --quiet --target aarch64 --define '__os_install_post %{nil}' --define '_build_id_links none' --define '_binary_payload w1.gzdio' --define '_rpmdir /repository/42' "$1"
}
pack() {
  name=$1 requires=$2 && shift 2
  unpack "$@"
  (cd /tree && find . ! -type d -printf '"/%P"\n') >/files
  {
    printf '%s\n' "Name: $name" 'Version: 1.0' 'Release: 1' 'Summary: from Debian' 'License: as there' 'AutoReq: no'
    for other in $requires; do echo "Requires: $other"; done
    printf '%%description\n%s\n%%install\ncp -a /tree/. %%{buildroot}/\n%%files -f /files\n' "$name"
    [ "$name" != zlib ] || printf '%%post -p <lua>\nposix.mkdir("/ran")\n%%posttrans -p /sbin/ldconfig\n'
    [ "$name" != glibc ] || printf '%%package shell\nSummary: what scripts ask for\nProvides: /sbin/ldconfig\n%%description shell\nnothing\n%%files shell\n'
  } >/spec
  build /spec
}
pack glibc '' libc6
pack glibc-devel glibc libc6-dev linux-libc-dev
pack libgcc glibc libgcc-s1
pack gcc libgcc libgcc-12-dev
pack zlib glibc zlib1g
pack zlib-devel 'zlib glibc-devel' zlib1g-dev
unpack libc6 libc6-dev linux-libc-dev libgcc-s1 libgcc-12-dev zlib1g zlib1g-dev
build /answer.spec
createrepo_c -q /repository/42
"""


SPEC: Final = r"""
%global debug_package %{nil}
Name: answer
Version: 1.2
Release: 1
Summary: a library that needs another
License: Apache-2.0

%description
A library that needs another.

%package devel
Summary: what a program is compiled with
Requires: %{name} = %{version}-%{release}
Requires: zlib-devel

%description devel
What a program is compiled with.

%build
cat >answer.c <<'END'
#include <zlib.h>
unsigned long answer(void) { return crc32(0, (const unsigned char *)"42", 2); }
END
echo 'unsigned long answer(void);' >answer.h
clang --target=%{_target_cpu}-linux-gnu --sysroot=/tree -fuse-ld=lld -O2 -fPIC -shared -Wl,-soname,libanswer.so.1 -o libanswer.so.1.2 answer.c -lz

%install
install -D -m 755 libanswer.so.1.2 %{buildroot}/usr/lib64/libanswer.so.1.2
ln -s libanswer.so.1.2 %{buildroot}/usr/lib64/libanswer.so.1
ln -s libanswer.so.1 %{buildroot}/usr/lib64/libanswer.so
install -D -m 644 answer.h %{buildroot}/usr/include/answer.h

%files
/usr/lib64/libanswer.so.1*

%files devel
/usr/lib64/libanswer.so
/usr/include/answer.h
"""


@pytest.fixture(scope="module")
def fedora(docker: Docker, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A system with dnf and a repository of aarch64 packages."""
    folder = tmp_path_factory.mktemp("fedora")
    base = images.whole_debian(docker, "12", "bookworm", with_apt=True)
    (folder / "Dockerfile").write_text(RECIPE.replace("{base}", base))
    (folder / "pack").write_text(PACK)
    (folder / "answer.spec").write_text(SPEC)
    (folder / "program.c").write_text(PROGRAM)
    (folder / "again.c").write_text(AGAIN)
    docker.make_image("xxpy-lab/dnf:42", folder, timeout=1200)
    return "xxpy-lab/dnf:42"


def built(docker: Docker, fedora: str, xx: Path, folder: Path, *steps: str) -> Path:
    """Return what steps for linux/arm64 have put into ``/out``, and beside it the target's ``root``."""
    (folder / "Dockerfile").write_text(
        f"FROM --platform=$BUILDPLATFORM {fedora} AS build\nCOPY --from=xx / /\nARG TARGETPLATFORM\nRUN mkdir /out\n"
        + "".join(f"RUN {step}\n" for step in steps)
        + "FROM scratch\nCOPY --from=build /out /\nCOPY --from=build /aarch64-linux-gnu /root\n"
    )
    out = folder / "out"
    docker.build(
        folder, "--platform", "linux/arm64", "--output", out, contexts={"xx": xx}, timeout=900
    )
    return out


def headers(program: Path) -> str:
    """Return the headers of a program, which must be for the target."""
    read = run("readelf", "--file-header", "--dynamic", program)
    assert "AArch64" in read
    return read


@pytest.mark.slow
def test_a_program_links_against_what_is_installed(
    docker: Docker, fedora: str, xx: Path, tmp_path: Path
) -> None:
    out = built(
        docker,
        fedora,
        xx,
        tmp_path,
        "xx-dnf -q install -y xx-c-essentials zlib-devel 2>/out/shown",
        "clang --target=$(xx-info triple) --sysroot=/$(xx-info triple) -fuse-ld=lld -o /out/program /program.c -lz",
        "xx-dnf -q list --installed >/out/list && test ! -e /aarch64-linux-gnu/ran",
        "xx-yum -q list --installed >/out/list.yum && xx-dnf --version >/out/version",
        "xx-dnf install -y nothere >/out/unknown 2>&1; echo $? >>/out/unknown",
        "xx-dnf -q remove -y --noautoremove zlib-devel && xx-dnf -q list --installed >/out/removed",
        "TARGETPLATFORM= xx-dnf -q list --available zlib 2>/out/native; TARGETPLATFORM=linux/386 xx-dnf --releasever 42 search zlib 2>/out/i686 >/dev/null",
        "TARGETPLATFORM=windows/amd64 xx-dnf install zlib 2>/out/skipped && TARGETPLATFORM=linux/mips64le xx-dnf install zlib 2>>/out/skipped",
    )
    assert "Shared library: [libz.so.1]" in headers(out / "program")
    assert run("qemu-aarch64-static", "-L", out / "root", out / "program") == "zlib 1.2.13\n"
    shown = (out / "shown").read_text().splitlines()[0].split()
    assert shown[:5] == [
        "+",
        "dnf",
        "--forcearch=aarch64",
        "--installroot=/aarch64-linux-gnu",
        "--releasever=42",
    ]
    assert shown[-7:] == [
        "--setopt=tsflags=noscripts",
        "-q",
        "install",
        "-y",
        "glibc-devel",
        "gcc",
        "zlib-devel",
    ]
    installed = (out / "list").read_text()
    assert {line.split()[0] for line in installed.splitlines()[1:]} >= {
        "glibc.aarch64",
        "glibc-devel.aarch64",
        "gcc.aarch64",
        "zlib-devel.aarch64",
    }
    assert installed == (out / "list.yum").read_text()
    assert (out / "version").read_text().splitlines()[0].startswith("4.")
    unknown = (out / "unknown").read_text()
    assert "No match for argument: nothere" in unknown
    assert unknown.splitlines()[-1] == "1"
    assert "zlib-devel" not in (out / "removed").read_text()
    assert (out / "native").read_text().splitlines()[0] == "+ dnf -q list --available zlib"
    assert "--forcearch=i686 --installroot=/i686-linux-gnu" in (out / "i686").read_text()
    assert (out / "i686").read_text().count("--releasever") == 1
    assert (out / "skipped").read_text().splitlines() == [
        "skipping packages installation on windows/amd64",
        "skipping packages installation on linux/mips64le",
    ]


@pytest.mark.slow
def test_a_program_links_against_a_library_built_as_an_rpm(
    docker: Docker, fedora: str, xx: Path, tmp_path: Path
) -> None:
    out = built(
        docker,
        fedora,
        xx,
        tmp_path,
        "xx-dnf -q install -y xx-c-essentials answer-devel",
        "clang --target=$(xx-info triple) --sysroot=/$(xx-info triple) -fuse-ld=lld -o /out/again /again.c -lanswer && xx-verify /out/again",
        "rpm --root /$(xx-info triple) -q --qf '%{NAME} %{ARCH}\\n' answer answer-devel zlib >/out/packages",
        "rpm --root /$(xx-info triple) -q --requires answer >/out/requires",
    )
    assert "Shared library: [libanswer.so.1]" in headers(out / "again")
    # Debian's loader does not look into Fedora's folder by itself.
    assert (
        run(
            "qemu-aarch64-static",
            "-L",
            out / "root",
            "-E",
            "LD_LIBRARY_PATH=/usr/lib64",
            out / "again",
        )
        == f"answer {zlib.crc32(b'42')}\n"
    )
    assert (out / "packages").read_text().splitlines() == [
        "answer aarch64",
        "answer-devel aarch64",
        "zlib aarch64",
    ]
    assert "libz.so.1()(64bit)" in (out / "requires").read_text().splitlines()
