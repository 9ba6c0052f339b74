"""Bazel builds with a kit, and its helper programs for this machine.

Debian's Bazel is older than Bazel's modules. Its rules are part of the program, so a few lines stand
for the modules of rules that newer releases load.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kit.conftest import Xxpy

pytestmark = pytest.mark.slow

CC_RULES = ("cc_binary", "cc_import", "cc_library", "cc_test", "cc_toolchain", "cc_toolchain_suite", "objc_library")  # fmt: skip
JAVA_RULES = ("java_binary", "java_import", "java_library", "java_runtime", "java_toolchain")
LIBRARY = ("artifact_name_pattern", "feature", "flag_group", "flag_set", "tool_path", "variable_with_value")  # fmt: skip
FILES = {
    "rules_cc/WORKSPACE": "",
    "rules_cc/BUILD": "",
    "rules_cc/cc/BUILD": "",
    "rules_cc/cc/defs.bzl": "".join(f"{rule} = native.{rule}\n" for rule in CC_RULES),
    "rules_cc/cc/builtins.bzl": "common = cc_common\ninfo = CcToolchainConfigInfo\n",
    "rules_cc/cc/cc_toolchain_config_lib.bzl": "".join(
        f'load("@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl", _{name} = "{name}")\n'
        for name in LIBRARY
    )
    + "".join(f"{name} = _{name}\n" for name in LIBRARY),
    "rules_cc/cc/common/BUILD": "",
    "rules_cc/cc/common/cc_common.bzl": 'load("//cc:builtins.bzl", "common")\ncc_common = common\n',
    "rules_cc/cc/toolchains/BUILD": "",
    "rules_cc/cc/toolchains/cc_toolchain.bzl": "cc_toolchain = native.cc_toolchain\n",
    "rules_cc/cc/toolchains/cc_toolchain_config_info.bzl": (
        'load("//cc:builtins.bzl", "info")\nCcToolchainConfigInfo = info\n'
    ),
    "rules_java/WORKSPACE": "",
    "rules_java/BUILD": "",
    "rules_java/java/BUILD": "",
    "rules_java/java/defs.bzl": "".join(f"{rule} = native.{rule}\n" for rule in JAVA_RULES),
    "app/BUILD": """\
cc_library(name = "word", srcs = ["word.c"], hdrs = ["word.h"])
cc_binary(name = "hello", srcs = ["hello.cc", "made.h"], deps = [":word"])
cc_binary(name = "generator", srcs = ["generator.c"])
genrule(name = "made", outs = ["made.h"], tools = [":generator"], cmd = "$(location :generator) > $@")
""",
    "app/word.h": '#ifdef __cplusplus\nextern "C"\n#endif\nconst char *word(void);\n',
    "app/word.c": '#include "word.h"\nconst char *word(void) { return "word"; }\n',
    "app/hello.cc": (
        '#include <iostream>\n#include "made.h"\n#include "word.h"\n'
        "int main() { std::cout << word() << MADE << std::endl; }\n"
    ),
    "app/generator.c": '#include <stdio.h>\nint main(void) { return puts("#define MADE 1") < 0; }\n',
}


@pytest.fixture
def app(xxpy: Xxpy) -> Path:
    for name, text in FILES.items():
        file = xxpy.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return xxpy.folder / "app"


@pytest.mark.parametrize(
    ("platform", "program", "said"),
    [
        ("linux/arm64", "hello", "word1\n"),
        ("windows/amd64", "hello.exe", "word1\n"),
        ("darwin/arm64", "hello", None),
    ],
)
def test_bazel_builds(platform: str, program: str, said: str | None, app: Path, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", "zig")
    # Bazel's sandbox cannot write the cache, so the C++ library is made before.
    (xxpy.folder / "first.cc").write_text("#include <iostream>\nint main() { std::cout << 1; }\n")
    (compiler,) = (kit / "bin").glob("*-c++")
    assert xxpy.run(str(compiler), "first.cc", "-o", "first").returncode == 0
    module = f"xxpy_{platform.replace('/', '_')}"
    places = {
        "rules_cc": xxpy.folder / "rules_cc",
        "rules_java": xxpy.folder / "rules_java",
        "platforms": "/usr/share/bazel/platforms",
        module: kit / "bazel",
    }
    (app / "WORKSPACE").write_text(
        "".join(f'local_repository(name = "{name}", path = "{path}")\n' for name, path in places.items())
    )  # fmt: skip
    options = f"--platforms=@{module}//:platform --extra_toolchains=@{module}//:toolchain"
    root = f"--output_user_root={xxpy.folder}/out"
    build = f"bazel {root} build --incompatible_enable_cc_toolchain_resolution {options} //:hello"
    try:
        done = xxpy.run("sh", "-c", f"cd app && {build}")
        assert done.returncode == 0, done.stderr
    finally:
        xxpy.run("sh", "-c", f"cd app && bazel {root} shutdown")
    shutil.copy(app / "bazel-bin" / program, xxpy.folder / program)
    assert xxpy("verify", "--platform", platform, program).returncode == 0
    if said is not None:
        assert xxpy("run", program).stdout == said


def test_the_options_name_what_the_module_has(xxpy: Xxpy) -> None:
    kit = xxpy.kit("linux/arm64", "--cc", "zig")
    options = (kit / "bazel/kit.bazelrc").read_text()
    assert f"common --override_module=xxpy_linux_arm64={kit}/bazel\n" in options
    assert 'module(name = "xxpy_linux_arm64")' in (kit / "bazel/MODULE.bazel").read_text()
