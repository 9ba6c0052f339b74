#!/bin/sh
set -eu
if [ -n "${XX_DEBUG_GO-}" ]; then set -x; fi

. ./target.sh

xx_target

. ./triple.sh

. ./ready.sh

xx_names

# Exports the variable $1 with the value $2, and remembers its name for --wrap.
xx_ours=' '
xx_export() {
  export "$1=$2"
  case $xx_ours in
    *" $1 "*) ;;
    *) xx_ours="$xx_ours$1 " ;;
  esac
}

# The port of Go for the platform, and the setting of the variant unless the user has set it.
case $xx_platform in
  # table: ports
  linux/arm/v7 | linux/arm/v8)
    xx_export GOOS linux
    xx_export GOARCH arm
    xx_export GOARM "${GOARM:-7}"
    ;;
  # end
  *) xx_fail "Go has no port for $xx_platform" 'hint: go tool dist list names those that it has' ;;
esac

if ! command -v go >/dev/null; then
  xx_fail 'go: not found' 'hint: install Go, or start from an image that has it'
fi

# The C compilers for cgo. CGO_ENABLED is up to the user.
xx_prefers=${XX_GO_PREFER_C_COMPILER:-clang}
if command -v "$xx_triple-gcc" >/dev/null; then xx_export CC "$xx_triple-gcc"; fi
if command -v "$xx_triple-g++" >/dev/null; then xx_export CXX "$xx_triple-g++"; fi
xx_home=''
xx_use_clang() {
  xx_ready || return 1
  xx_use
  # --wrap writes paths, because PATH will be another one later.
  if [ "$xx_bin" != /usr/bin ] && [ "${1-}" = --wrap ]; then xx_home=$xx_bin/; fi
  xx_export CC "$xx_home$xx_triple-clang"
  xx_export CXX "$xx_home$xx_triple-clang++"
  # Go has C code that needs a library on processors without such instructions.
  xx_atomics=''
  case $xx_platform:$xx_libc in
    # table: atomics
    linux/arm/v5:gnu* | linux/arm/v6:gnu*) xx_atomics=libatomic.a ;;
      # end
  esac
  [ -z "$xx_atomics" ] || xx_export CGO_LDFLAGS "${CGO_LDFLAGS:--O2 -g} -l:$xx_atomics"
}

# Exports the tool $2 of the target as variable $1, if there is one.
xx_export_tool() {
  if [ -n "$xx_home" ] && [ -x "$xx_home$xx_triple-$2" ]; then
    xx_export "$1" "$xx_home$xx_triple-$2"
  elif command -v "$xx_triple-$2" >/dev/null; then
    xx_export "$1" "$xx_triple-$2"
  fi
}

if [ "$xx_prefers" = zig ] && command -v zig >/dev/null; then
  case $xx_libc in
    musl*) xx_libc=musl ;;
    *) xx_libc=gnu ;;
  esac
  case $xx_platform:$xx_libc in
    # table: zig-targets
    linux/amd64:gnu | linux/amd64/*:gnu) xx_zig=x86_64-linux-gnu ;;
    # end
    *) xx_zig='' ;;
  esac
  if [ -n "$xx_zig" ]; then
    xx_export CC "zig cc -target $xx_zig"
    xx_export CXX "zig c++ -target $xx_zig"
  fi
fi

. ./aside.sh

# --wrap writes the settings into Go's own env file, so that plain go uses them; --unwrap removes
# them. They are between two marks; a line of the user that they replace is kept after "# xx-go: "
# and comes back.
xx_run() {
  # With clang preferred, these two tools are those of the target, with any C compiler or none.
  if [ "$xx_prefers" = clang ]; then
    xx_export_tool AR ar
    xx_export_tool PKG_CONFIG pkg-config
  fi

  case ${1-} in
    --wrap | --unwrap)
      xx_file=$(go env GOENV)
      case $xx_file in
        '' | off) xx_fail "go has no file of settings: GOENV=$xx_file" 'hint: unset GOENV' ;;
      esac
      if [ "$1" = --wrap ]; then
        case $xx_file in
          */*) mkdir -p "${xx_file%/*}" ;;
        esac
      else
        xx_ours=' '
      fi
      xx_aside "$xx_file"
      if [ "$1" = --unwrap ] && [ ! -e "$xx_file" ]; then
        xx_done
        exit
      fi
      # cp -p keeps the owner and the mode.
      [ ! -e "$xx_file" ] || cp -p "$xx_file" "$xx_new"
      {
        xx_inside=''
        if [ -e "$xx_file" ]; then
          while IFS= read -r xx_line || [ -n "$xx_line" ]; do
            case $xx_inside$xx_line in
              '# xx-go --wrap') xx_inside=1 && continue ;;
              '1# xx-go end') xx_inside='' && continue ;;
              1*) continue ;;
            esac
            xx_line=${xx_line#'# xx-go: '}
            case $xx_ours in
              *" ${xx_line%%=*} "*) xx_line="# xx-go: $xx_line" ;;
            esac
            printf '%s\n' "$xx_line"
          done <"$xx_file"
        fi
        if [ -n "${xx_ours# }" ]; then
          echo '# xx-go --wrap'
          for xx_key in $xx_ours; do
            case $xx_key in
              # table: variables
              GOOS) printf '%s=%s\n' "$xx_key" "$GOOS" ;;
                # end
            esac
          done
          echo '# xx-go end'
        fi
      } >"$xx_new"
      exec mv "$xx_new" "$xx_file"
      ;;
  esac

  # go install writes programs of the target to a directory of their own.
  if [ -n "${GOPATH-}" ] && [ -z "${GOBIN-}" ]; then
    export PATH="$GOPATH/bin/${GOOS}_$GOARCH:$PATH"
  fi

  exec go "$@"
}

if [ "$xx_prefers" != clang ] || xx_use_clang "$@"; then xx_run "$@"; fi

. ./cross.sh

. ./sysroot.sh

xx_find_further_linker() {
  return 1
}

. ./set-up.sh

# Sets up clang if there is one; beside a GCC for the target, only one on PATH. If that fails, Go
# does without, and one line says why.
xx_elsewhere=''
if command -v "$xx_triple-gcc" >/dev/null; then xx_elsewhere=no; fi
if xx_find_clang "$xx_elsewhere"; then
  xx_said=$(xx_set_up 2>&1) || printf 'xx-go: %s\n' "${xx_said%%"$xx_newline"*}" >&2
  xx_use_clang "$@" || :
fi
xx_run "$@"
