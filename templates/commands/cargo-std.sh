# The standard library of Rust for the target.

# Whether directory $1 has the standard library.
xx_has_std() {
  for xx_file in "$1"/libstd-*; do
    if [ -e "$xx_file" ]; then return 0; fi
  done
  return 1
}

# Whether the Rust that will run finds the standard library. rustc is asked only if looking is not
# enough.
xx_std_is_there() {
  if ! command -v rustup >/dev/null; then
    if xx_has_std "/usr/lib/rustlib/$xx_rust/lib"; then return 0; fi
  elif [ -z "$xx_toolchain${RUSTUP_TOOLCHAIN-}" ]; then
    xx_folder=$PWD/. xx_everywhere=1
    while [ -n "$xx_folder" ]; do
      xx_folder=${xx_folder%/*}
      if [ -e "$xx_folder/rust-toolchain" ] || [ -e "$xx_folder/rust-toolchain.toml" ]; then
        xx_everywhere=''
      fi
    done
    for xx_folder in "${RUSTUP_HOME:-${HOME-}/.rustup}"/toolchains/*; do
      xx_has_std "$xx_folder/lib/rustlib/$xx_rust/lib" || xx_everywhere=''
    done
    if [ -n "$xx_everywhere" ]; then return 0; fi
  fi
  set -- --print target-libdir --target "$xx_rust"
  if ! xx_folder=$(rustc ${xx_toolchain:+"$xx_toolchain"} "$@" 2>&1); then
    xx_fail "rustc cannot say where the standard library for $xx_rust is: ${xx_folder%%
*}" 'hint: rustc --print target-list names the targets that it has; a newer Rust has more'
  fi
  xx_has_std "$xx_folder"
}

# Runs a command that installs, with its output on stderr. Another xx-cargo may do the same at the
# same time, so it has a second try.
xx_install() {
  printf '+ %s\n' "$*" >&2
  "$@" >&2 || xx_std_is_there || "$@" >&2
}

xx_not_installed() {
  xx_fail "the standard library of Rust for $xx_rust is not there and cannot be installed: $1" \
    "$xx_hint"
}

# Installs Debian's package for the architecture of this machine, or for one that was added.
xx_install_package() {
  set -- -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$xx_std_package"
  xx_install apt-get "$@"
}

# Installs Debian's package for another architecture; if the release does not have it, the
# architecture is removed again.
xx_install_foreign() {
  if command -v xx-apt-get >/dev/null; then
    TARGETPLATFORM=$xx_platform xx_install xx-apt-get install -y --no-install-recommends \
      "${xx_std_package%:*}"
    return
  fi
  xx_new=${xx_std_package#*:}
  for xx_architecture in $(dpkg --print-foreign-architectures); do
    [ "$xx_architecture" != "$xx_new" ] || xx_new=''
  done
  [ -z "$xx_new" ] || dpkg --add-architecture "$xx_new" || return
  apt-get -q -o DPkg::Lock::Timeout=600 update >&2 || :
  if xx_install_package; then return 0; fi
  [ -z "$xx_new" ] || dpkg --remove-architecture "$xx_new"
  return 1
}

# Installs the standard library if it is missing: with rustup, or as a package of the distribution.
xx_install_std() {
  if xx_std_is_there; then return 0; fi
  xx_hint="hint: rustup target add $xx_rust, or start from an image whose Rust has it"
  if command -v rustup >/dev/null; then
    xx_tier=''
    case $xx_rust in
      # table: targets-of-tier-3
      mipsel-unknown-linux-gnu) xx_tier=3 ;;
        # end
    esac
    if [ -n "$xx_tier" ]; then
      xx_hint='hint: rustup component add rust-src --toolchain nightly;'
      xx_hint="$xx_hint xx-cargo +nightly build -Z build-std"
      xx_not_installed 'it is of tier 3, which rustup does not have'
    fi
    xx_install rustup target add ${xx_toolchain:+--toolchain "${xx_toolchain#+}"} "$xx_rust" ||
      xx_not_installed 'rustup target add failed'
    return
  fi
  xx_packages=''
  case $xx_id in
    # table: packages
    debian | ubuntu) xx_packages=debian ;;
      # end
  esac
  case $xx_packages:$xx_std_package in
    debian:?*:*) xx_install_foreign ;;
    debian:?*) xx_install_package ;;
    alpine:*) TARGETPLATFORM=$xx_platform xx_install xx-apk add rust-stdlib ;;
    rpm:*) xx_install dnf install -y "rust-std-static-$xx_rust" ;;
    *) xx_not_installed "$xx_id has no package of it" ;;
  esac || xx_not_installed "the package of $xx_id cannot be installed"
  if ! xx_std_is_there; then
    xx_hint='hint: it must be of the very same version as rustc: rustc --version'
    xx_not_installed "its package is installed, but not where rustc looks: $xx_folder"
  fi
}
