//! Says for which platform it was compiled.

use std::env::consts::{ARCH, OS};

fn main() {
    println!("hello from Rust on {OS}/{ARCH}");
}
