"""Kinds of Dockerfiles that the project's files explain: make, scripts with arguments, tools out of images, downloads."""

from __future__ import annotations

from tests.dockerfile.faults import APP, BOTH, GO, MAKE, C, Fault

FAULTS = {
    "a function with a case on a build argument": Fault(
        GO
        + 'ARG WHAT=build\nRUN run() { case "$1" in test) go test -c -o app . && ./app;; *) go build -o app .;; esac; }; run "$WHAT"\n'
        + APP,
        left=(6, "app runs here"),
    ),
    "a function with a case on a word": Fault(
        GO
        + 'RUN run() { case "$1" in test) go test -c -o app . && ./app;; *) go build -o app .;; esac; }; run build\n'
        + APP,
        (f"*) {BOTH} go build -o app .;;",),
    ),
    "the context by the folder above it": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY .. .\nENV CGO_ENABLED=0\nRUN make\n" + APP,
        (f"RUN {BOTH} make",),
        files={"Makefile": MAKE},
    ),
    "a folder beside the one that is named": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY /x/../app/ .\nENV CGO_ENABLED=0\nRUN make\n"
        + APP,
        (f"RUN {BOTH} make",),
        files={"app/Makefile": MAKE},
    ),
    "make chooses by the system": Fault(
        GO + "RUN make\n" + APP,
        (f"RUN {BOTH} make",),
        files={
            "Makefile": "EXT = $(if $(filter windows,$(GOOS)),.exe,)\nb:\n\tgo build -o app$(EXT) .\n"
        },
    ),
    "a tool out of an image in quotes": Fault(
        GO
        + 'COPY --from="bufbuild/buf" /usr/local/bin/buf /usr/bin/buf\nRUN buf generate && go build -o app .\n'
        + APP,
        left=(5, "comes for the target"),
    ),
    "a script is told by an argument": Fault(
        GO + "ARG TARGETARCH\nRUN ./build.sh $TARGETARCH\n" + APP,
        ("RUN ./build.sh $TARGETARCH\n", "FROM --platform=$BUILDPLATFORM"),
        (BOTH,),
        files={"build.sh": "#!/bin/sh\nexport GOOS=linux GOARCH=$1\ngo build -o app .\n"},
    ),
    "a script is told one architecture by an argument": Fault(
        GO + "RUN ./build.sh amd64\n" + APP,
        left=(5, "build.sh:2 calls go GOARCH=amd64"),
        files={"build.sh": "#!/bin/sh\nGOARCH=$1 go build -o app .\n"},
    ),
    "a script with a case on its argument": Fault(
        GO + "RUN ./do build\n" + APP,
        (f"RUN {BOTH} ./do build",),
        files={
            "do": "#!/bin/sh\ncase $1 in\ntest) go test ./... ;;\nbuild) go build -o app ;;\nesac\n"
        },
    ),
    "a script with a case on what a build argument says": Fault(
        GO + "ARG WHAT=build\nRUN ./do $WHAT\n" + APP,
        left=(6, "go test is told the target too"),
        files={
            "do": "#!/bin/sh\ncase $1 in\ntest) go test ./... ;;\nbuild) go build -o app ;;\nesac\n"
        },
    ),
    "a script with a loop over its arguments": Fault(
        GO + "RUN ./do --build --test\n" + APP,
        left=(5, "go test is told the target too"),
        files={
            "do": '#!/bin/sh\nwhile [ $# -gt 0 ]; do\ncase "$1" in\n--test) go test ./... ;;\n--build) go build -o app ;;\nesac\nshift\ndone\n'
        },
    ),
    "a script whose case continues with the next branch": Fault(
        GO + "RUN bash ./do all\n" + APP,
        left=(5, "go test is told the target too"),
        files={
            "do": "#!/bin/bash\ncase $1 in\nall) go build -o app ;&\ntest) go test ./... ;;\nesac\n"
        },
    ),
    "a script that shifts its arguments": Fault(
        GO + "RUN ./do quiet test\n" + APP,
        left=(5, "go test is told the target too"),
        files={
            "do": "#!/bin/sh\ncase $1 in quiet) shift ;; esac\ngo build -o app\ncase $1 in test) go test ./... ;; esac\n"
        },
    ),
    "a script that goes to its own folder": Fault(
        GO + "RUN sh ci/build.sh\n" + APP,
        (f"RUN {BOTH} sh ci/build.sh",),
        files={
            "ci/build.sh": '#!/bin/sh\nROOT=$(cd "$(dirname "$0")/.." && pwd)\ncd "$ROOT"\nmake\n',
            "Makefile": MAKE,
        },
    ),
    "a script that calls a script": Fault(
        GO + "RUN ./all.sh\n" + APP,
        (f"RUN {BOTH} ./all.sh",),
        files={"all.sh": "#!/bin/sh\n./one.sh app\n", "one.sh": "#!/bin/sh\ngo build -o $1\n"},
    ),
    "a compiler of C in a variable of a script": Fault(
        C + "RUN ./build.sh\n" + APP,
        ("RUN CC=xx-clang CXX=xx-clang++ ./build.sh\n",),
        files={"build.sh": "#!/bin/sh\n: ${CC:=gcc}\n${CC:-gcc} -o app app.c\n"},
    ),
    "pkg-config in a variable of make": Fault(
        C + "RUN make\n" + APP,
        ("RUN make CC=xx-clang CXX=xx-clang++ PKG_CONFIG=$(xx-clang --print-target-triple)-pkg",),
        files={
            "Makefile": "PKG_CONFIG = pkg-config\napp:\n\t$(CC) -o app app.c `$(PKG_CONFIG) --libs z`\n"
        },
    ),
    "pkg-config by its name in make": Fault(
        C + "RUN make\n" + APP,
        left=(5, "Makefile:2 calls pkg-config by its name, and not $(PKG_CONFIG)"),
        files={"Makefile": "app:\n\t$(CC) -o app app.c `pkg-config --libs z`\n"},
    ),
    "strip by its name in make": Fault(
        C + "RUN make\n" + APP,
        left=(5, "Makefile:3 calls strip by its name, and not $(STRIP)"),
        files={"Makefile": "app:\n\t$(CC) -o app app.c\n\tstrip app\n"},
    ),
    "CMake behind make": Fault(
        C + "RUN make\n" + APP,
        (
            "RUN make CMAKE_TOOLCHAIN_FILE=/cmake-cross.cmake\n",
            "cmake -P /cmake-cross.cmake || exit",
        ),
        files={"Makefile": "app:\n\tcmake -B b\n", "CMakeLists.txt": ""},
    ),
    "make asks Go for its architecture": Fault(
        GO + "RUN make\n" + APP,
        (f"RUN {BOTH} make",),
        files={"Makefile": "A := $(shell go env GOARCH)\nb:\n\tGOARCH=$(A) go build -o app .\n"},
    ),
    "make chooses by if": Fault(
        GO + "RUN make V=1\n" + APP,
        (f"RUN {BOTH} make V=1",),
        files={"Makefile": "Q = $(if $(filter 1,$V),,@)\nb:\n\t$(Q)go build -o app .\n"},
    ),
    "a package manager of Fedora": Fault(
        "FROM fedora:42 AS build\nRUN dnf install -y gcc zlib-devel\nCOPY app.c .\nRUN gcc -o /src/app app.c -lz\n"
        + APP,
        ("RUN xx-dnf install -y xx-c-essentials zlib-devel\n", "RUN xx-clang -o /src/app"),
    ),
    "groups of packages of Fedora": Fault(
        "FROM fedora:42 AS build\nRUN dnf groupinstall -y development-tools\nCOPY app.c .\nRUN gcc -o /src/app app.c\n"
        + APP,
        left=(2, "what dnf groupinstall does is not known"),
    ),
    "a tool of the build is chosen by what uname says": Fault(
        GO
        + "RUN curl -L https://e.com/protoc-$(uname -s)-$(uname -m).tgz | tar -xz -C /usr/local && go build -o app .\n"
        + APP,
        (f"/usr/local && {BOTH} go build",),
    ),
    "a tool is chosen by a variable": Fault(
        GO
        + 'RUN arch=$(uname -m) && curl -Lo /tmp/t.zip "https://e.com/t-$arch.zip" && unzip /tmp/t.zip -d /opt/t && go build -o app .\n'
        + APP,
        (f"/opt/t && {BOTH} go build",),
    ),
    "what uname says chooses more than a download": Fault(
        GO
        + 'RUN arch=$(uname -m) && curl -Lo /tmp/t https://e.com/t-$arch && go build -ldflags "-X main.arch=$arch" -o app .\n'
        + APP,
        left=(5, "uname: it asks"),
    ),
    "what uname says chooses a program of the image": Fault(
        GO
        + "RUN wget -qO /out/tini https://e.com/tini-$(uname -m)\nRUN go build -o /out/app .\nFROM scratch\nCOPY --from=build /out /\n",
        left=(5, "uname: it asks"),
    ),
    "a tool out of an image that another stage begins from": Fault(
        GO
        + "COPY --from=node /usr/local/bin/node /usr/bin/\nRUN node --version && go build -o app .\n"
        + "FROM node\nCOPY --from=build /src/app /app\n",
        ("FROM --platform=$BUILDPLATFORM node AS node-tools\n", "COPY --from=node-tools /usr"),
    ),
    "a tool out of an image where stages have numbers": Fault(
        "FROM golang:1.26\nWORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\n"
        "COPY --from=bufbuild/buf /usr/local/bin/buf /usr/bin/buf\nRUN buf generate && go build -o app .\n"
        "FROM scratch\nCOPY --from=0 /src/app /app\n",
        left=(5, "bufbuild/buf comes for the target"),
    ),
    "a program out of an image that leaves with the others": Fault(
        GO
        + "COPY --from=bufbuild/buf /usr/local/bin/buf /src/app\nRUN buf generate && go build -o app/app .\n"
        + APP,
        left=(5, "bufbuild/buf comes for the target"),
    ),
}
"""By what is the matter."""
