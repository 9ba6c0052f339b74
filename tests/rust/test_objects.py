"""What a build script keeps below the object files is not used by a build with other compilers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rust.conftest import Xxpy, write

if TYPE_CHECKING:
    from pathlib import Path

CRATE = {
    "Cargo.toml": '[package]\nname = "kept"\nversion = "0.1.0"\nedition = "2018"\n',
    # As CMake does: what was found once stays in the folder of the build script.
    "build.rs": """use std::{env, fs, path::Path};
fn main() {
    let place = Path::new(&env::var("OUT_DIR").unwrap()).join("compiler");
    if !place.exists() {
        fs::write(&place, env::var("CC").unwrap()).unwrap();
    }
    println!("cargo:rustc-env=COMPILER={}", fs::read_to_string(&place).unwrap());
    println!("cargo:rerun-if-env-changed=CC");
}
""",
    "src/main.rs": 'fn main() { println!("{}", env!("COMPILER")); }\n',
}


def test_another_compiler_begins_with_an_empty_folder(tmp_path: Path, cache: Path) -> None:
    folder = write(tmp_path / "kept", CRATE)
    xxpy = Xxpy(folder, cache)

    def compiler(*options: str) -> bytes:
        done = xxpy("build", "-p", "linux/amd64", "--cc", "zig", *options)
        assert done.returncode == 0, done.stderr
        program = (folder / "dist/linux_amd64/kept").read_bytes()
        return next(word for word in program.split(b"\0") if b"/kits/" in word).split(b"/kits/")[1]

    plain, old = compiler(), compiler("--libc", "gnu.2.17")
    assert plain.split(b"/")[0] != old.split(b"/")[0]
    assert compiler("--libc", "gnu.2.17") == old
    lock = next((cache / "xxpy/cargo").glob("*/*/release/.cargo-lock"))
    before = lock.stat().st_ino
    assert compiler() == plain
    assert lock.stat().st_ino == before, "a lock that somebody may hold stays"
