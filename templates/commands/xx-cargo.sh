#!/bin/sh
set -eu
if [ -n "${XX_DEBUG_CARGO-}" ]; then set -x; fi

. ./target.sh

xx_target

. ./triple.sh

. ./ready.sh

. ./cross.sh

. ./sysroot.sh

if ! command -v cargo >/dev/null; then
  xx_fail 'cargo: not found' 'hint: install Rust, or start from an image that has it'
fi

# What the command line has: a toolchain of rustup, a sub-command, targets of the user, and the two
# flags of xx-cargo.
xx_toolchain='' xx_command='' xx_ask='' xx_own='' xx_own_targets='' xx_build_std='' xx_option=''
case ${1-} in
  +?*) xx_toolchain=$1 ;;
esac
for xx_argument; do
  case $xx_option in
    '') ;;
    --target) xx_argument=--target=$xx_argument ;;
    *)
      case $xx_option$xx_argument in
        -Zbuild-std*) xx_build_std=1 ;;
      esac
      xx_option=''
      continue
      ;;
  esac
  xx_option=''
  case $xx_argument in
    --) break ;;
    -Zbuild-std*) xx_build_std=1 ;;
    --print-target-triple) xx_ask=print ;;
    --setup-target-triple) xx_ask=${xx_ask:-setup} ;;
    --target | --color | --config | -C | -Z) xx_option=$xx_argument ;;
    --target=*)
      xx_own=1
      case $xx_argument in
        *[!A-Za-z0-9_.=-]*) ;;
        *) xx_own_targets="$xx_own_targets ${xx_argument#--target=}" ;;
      esac
      ;;
    -* | +*) ;;
    *)
      case $xx_command in
        '') xx_command=$xx_argument ;;
        chef | nextest) xx_command=$xx_command/$xx_argument ;;
      esac
      ;;
  esac
done
# Sub-commands that take no --target, of cargo and of well-known extensions; with the next word if
# that decides.
if [ -z "$xx_ask" ]; then
  case $xx_command in
    '' | add | config | credential | fetch | fmt | generate-lockfile | git-checkout | help | \
      info | init | locate-project | login | logout | metadata | new | owner | pkgid | \
      read-manifest | remove | report | rm | search | uninstall | update | vendor | \
      verify-project | version | yank | \
      audit | cache | deny | generate | machete | make | outdated | set-version | sort | sweep | \
      upgrade | watch | chef/prepare | nextest/self | nextest/show-config) exec cargo "$@" ;;
  esac
fi

. ./aside.sh

. ./cargo-target.sh

. ./cargo-std.sh

. ./cargo-environment.sh

# Prepares cargo for a target.
xx_prepare() {
  xx_cargo_row
  xx_environment
  if [ -z "$xx_build_std" ] && [ "$xx_ask" != print ]; then xx_install_std; fi
}

# Calls $1 for the target of the environment, or for each target of the user that the table has.
xx_each() {
  if [ -z "$xx_own" ] || [ -n "$xx_ask" ]; then
    xx_names
    xx_rust_target
    "$1"
    return
  fi
  for xx_rust in $xx_own_targets; do
    case $xx_rust in
      # table: platforms
      x86_64-unknown-linux-gnu) xx_platform=linux/amd64 XX_LIBC=gnu ;;
      # end
      *) continue ;;
    esac
    xx_os=${xx_platform%%/*}
    xx_names
    xx_rust_target
    "$1"
  done
}

# Prepares all targets and runs cargo. --target goes before the arguments of the program: those
# after --, or after the first word after run.
xx_run() {
  xx_each xx_prepare
  if [ -n "$xx_ask" ]; then
    [ "$xx_ask" != print ] || printf '%s\n' "$xx_rust"
    exit
  fi
  xx_place=1
  [ -z "$xx_own" ] || xx_place=''
  for xx_argument; do
    shift
    if [ -n "$xx_place" ] && [ "$xx_argument" = -- ]; then
      set -- "$@" "--target=$xx_rust"
      xx_place=''
    fi
    set -- "$@" "$xx_argument"
    case $xx_place$xx_argument in
      1run | 1r)
        if [ "$xx_argument" = "$xx_command" ]; then
          set -- "$@" "--target=$xx_rust"
          xx_place=''
        fi
        ;;
    esac
  done
  [ -z "$xx_place" ] || set -- "$@" "--target=$xx_rust"
  exec cargo "$@"
}

xx_given=$(export -p)
xx_unready=''
xx_look() {
  xx_ready || xx_unready=1
}
xx_each xx_look
[ -n "$xx_unready" ] || xx_run "$@"

. ./set-up.sh

# Finds ld.lld of the Rust toolchain that will run, in xx_linker; rustup installs one.
xx_find_further_linker() {
  xx_said=$(rustc ${xx_toolchain:+"$xx_toolchain"} --print sysroot 2>/dev/null) || return 1
  for xx_linker in "$xx_said"/lib/rustlib/*/bin/gcc-ld/ld.lld; do
    case $xx_linker in
      *[!A-Za-z0-9_.+/-]*) ;;
      *) if [ -x "$xx_linker" ] && xx_is_new_enough "$xx_linker"; then return; fi ;;
    esac
  done
  return 1
}

# Whether cargo can do without clang: there is a GCC or a linker of the user, or nothing is linked
# for the target.
xx_goes_on() {
  if command -v "$xx_triple-gcc" >/dev/null || [ "$xx_ask" = print ]; then return 0; fi
  case $xx_command in
    check | c | clippy | doc | d | fix | rustdoc | tree) return 0 ;;
  esac
  xx_cargo_row
  if [ -z "$xx_foreign" ] || [ -n "$xx_own_linker" ]; then return 0; fi
  xx_variable_name "$xx_rust" capitals
  case $xx_given in
    *" CARGO_TARGET_${xx_name}_LINKER='"[!\']*) return 0 ;;
    *" CARGO_TARGET_${xx_name}_LINKER=\""[!\"]*) return 0 ;;
  esac
  return 1
}

# Sets up clang if there is one. If that fails, cargo does without if it can, and one line says why.
xx_clang_for() {
  if xx_ready || ! xx_find_clang; then return 0; fi
  if ! xx_said=$(xx_set_up 2>&1); then
    xx_goes_on || xx_fail "xx-cargo: $xx_said"
    xx_said=${xx_said%%"$xx_newline"*}
  fi
  [ -z "$xx_said" ] || printf 'xx-cargo: %s\n' "$xx_said" >&2
}
xx_each xx_clang_for
xx_run "$@"
