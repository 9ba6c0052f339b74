//! Compresses what it reads, and says for which platform it was compiled.

use std::io::{self, Read};
use std::process::ExitCode;

/// The platform as OCI writes it, of the names that Rust has.
fn platform() -> String {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "x86" => "386",
        "aarch64" => "arm64",
        "powerpc64" if cfg!(target_endian = "little") => "ppc64le",
        "loongarch64" => "loong64",
        other => other,
    };
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    format!("{system}/{architecture}")
}

/// Compresses and unpacks again, and returns the line to print.
fn report(data: &[u8]) -> io::Result<String> {
    let squeezed = zstd::encode_all(data, 19)?;
    let unpacked = zstd::decode_all(&squeezed[..])?;
    let same = if unpacked == data { "and back" } else { "and NOT back" };
    Ok(format!("squeeze for {}: {} -> {} bytes, {same}", platform(), data.len(), squeezed.len()))
}

fn main() -> ExitCode {
    let mut data = Vec::new();
    let done = io::stdin().read_to_end(&mut data).and_then(|_| report(&data));
    match done {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("squeeze: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_squeezed_comes_back() {
        let line = report(&[b'x'; 10_000]).unwrap();
        assert!(line.contains("10000 -> "), "{line}");
        assert!(line.ends_with("bytes, and back"), "{line}");
    }
}
