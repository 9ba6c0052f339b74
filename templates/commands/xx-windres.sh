#!/bin/sh
set -eu
if [ -n "${XX_DEBUG_WINDRES-}" ]; then set -x; fi

. ./target.sh

. ./triple.sh

. ./windres-options.sh

. ./aside.sh

if [ -z "$xx_input_format" ]; then
  case $xx_input in
    *.res) xx_input_format=res ;;
    *) xx_input_format=rc ;;
  esac
fi
if [ -z "$xx_output_format" ]; then
  case $xx_output in
    *.res) xx_output_format=res ;;
    *) xx_output_format=coff ;;
  esac
fi
case $xx_input_format in
  rc | res) ;;
  *) xx_fail "invalid input format $xx_input_format" ;;
esac
case $xx_output_format in
  res | coff) ;;
  *) xx_fail "invalid output format $xx_output_format" ;;
esac

# The machine: of the target in -F, of the triple in its own name (TRIPLE-windres), or of the
# environment.
case $xx_target:${0##*/} in
  :xx-windres) ;;
  :*-windres)
    xx_target=${0##*/}
    xx_target=${xx_target%-windres}
    ;;
esac
if [ -z "$xx_target" ]; then
  xx_target
  xx_names
  xx_target=$xx_triple
fi
case $xx_target in
  # table: targets
  pe-x86-64 | pei-x86-64) xx_machine=X64 ;;
  # end
  *) xx_machine='' ;;
esac
if [ -z "$xx_machine" ]; then
  case ${xx_target%%-*} in
    # table: words
    x86_64 | amd64) xx_machine=X64 ;;
    # end
    *) xx_fail "invalid target $xx_target for xx-windres" ;;
  esac
fi

# The preprocessor. If there is no program with the whole name, it is a program with arguments.
xx_preprocessor=${xx_preprocessor:-${CC-}} xx_own_gcc=''
if [ -z "$xx_preprocessor" ]; then
  xx_preprocessor=gcc xx_own_gcc=1
  if command -v clang >/dev/null; then xx_preprocessor=clang; fi
fi
xx_source=${xx_input:--} xx_folder=.
case $xx_input in
  /*/*) xx_folder=${xx_input%/*} ;;
  /*) xx_folder=/ ;;
  */*) xx_folder=${xx_input%/*} ;;
esac

# Prints a command, or runs it.
xx_dry=${XX_WINDRES_DRYRUN-}
xx_run() {
  if [ -n "$xx_dry" ]; then
    printf '%s' "$1"
    shift
    if [ "$#" -gt 0 ]; then printf ' %s' "$@"; fi
    echo
  else
    "$@" || exit
  fi
}

# Finds a tool of LLVM, in xx_tool: beside this script, by its name, or in the newest LLVM.
xx_llvm() {
  xx_tool=$1
  if [ -z "$xx_dry" ] && [ -x "${0%/*}/$1" ]; then
    xx_tool=${0%/*}/$1
    return
  fi
  if [ -n "$xx_dry" ] || command -v "$1" >/dev/null; then return; fi
  xx_tool='' xx_best=0
  for xx_found in /usr/lib/llvm*/bin/"$1" /usr/bin/"$1"-[0-9]*; do
    xx_key=${xx_found%/bin/"$1"}
    xx_key=${xx_key##*[!0-9]}
    if [ -x "$xx_found" ] && [ "${xx_key:-0}" -gt "$xx_best" ]; then
      xx_tool=$xx_found xx_best=$xx_key
    fi
  done
  [ -n "$xx_tool" ] || xx_fail "$1: not found" 'hint: install llvm'
}

if [ -n "${XX_TMP_FILE_FIXED-}" ]; then
  xx_first=$XX_TMP_FILE_FIXED
else
  xx_new=${TMPDIR:-/tmp}/xx-windres-$$
  if [ -z "$xx_dry" ]; then
    xx_aside "${TMPDIR:-/tmp}/resource"
    trap 'rm -rf "$xx_new"' EXIT
    trap 'exit 1' HUP INT TERM
    mkdir -m 700 "$xx_new"
  fi
  xx_first=$xx_new/resource
fi
xx_second=${xx_first}_

# The preprocessor must have the macros and headers of Windows: clang gets the target, and the GCC
# for the target replaces plain gcc.
xx_preprocess() {
  case $xx_machine in
    # table: triples
    X64) xx_triple=x86_64-w64-mingw32 ;;
      # end
  esac
  case ${1##*/} in
    clang | clang-[0-9]* | clang++ | clang++-[0-9]* | clang-cpp | clang-cpp-[0-9]*)
      xx_program=$1
      shift
      set -- "$xx_program" "--target=$xx_triple" "$@"
      # clang looks for mingw-w64 beside the GCC for the target, which need not be installed; the
      # shared directory is for targets without headers of their own.
      for xx_home in "/usr/$xx_triple/include" /usr/share/mingw-w64/include; do
        [ ! -d "$xx_home" ] || set -- "$@" -idirafter "$xx_home"
      done
      ;;
    gcc)
      if [ -n "$xx_own_gcc" ] && command -v "$xx_triple-gcc" >/dev/null; then
        shift
        set -- "$xx_triple-gcc" "$@"
      fi
      ;;
  esac
  xx_run "$@"
}

if [ "$xx_input_format" = rc ]; then
  set -- -E -xc -D RC_INVOKED=1 "$@" -o "$xx_first" "$xx_source"
  if [ -n "$xx_dry" ]; then
    xx_run "$xx_preprocessor" "$@"
  elif command -v "$xx_preprocessor" >/dev/null; then
    xx_preprocess "$xx_preprocessor" "$@"
  else
    while [ "${xx_preprocessor% *}" != "$xx_preprocessor" ]; do
      [ -z "${xx_preprocessor##* }" ] || set -- "${xx_preprocessor##* }" "$@"
      xx_preprocessor=${xx_preprocessor% *}
    done
    xx_preprocess "$xx_preprocessor" "$@"
  fi
  xx_llvm llvm-rc
  # llvm-rc runs clang by default; without clang it has to be told not to.
  xx_again=''
  if [ -z "$xx_dry" ] && ! command -v clang >/dev/null; then xx_again=-no-preprocess; fi
  # Of the preprocessor's words, the include directories stay: icons and manifests are there too.
  xx_count=$#
  while [ "$xx_count" -gt 0 ]; do
    xx_word=$1 xx_count=$((xx_count - 1))
    shift
    case $xx_word in
      -I?*) [ -n "$xx_dry" ] || set -- "$@" -I "${xx_word#-I}" ;;
    esac
  done
  set -- ${xx_again:+"$xx_again"} -fo "$xx_second" -I "$xx_folder" "$@" "$xx_first"
  if [ -n "$xx_codepage" ]; then set -- -C "$xx_codepage" "$@"; fi
  if [ -n "$xx_language" ]; then set -- -L "$xx_language" "$@"; fi
  xx_run "$xx_tool" "$@"
else
  xx_second=$xx_source
  if [ -z "$xx_input" ]; then xx_second=/dev/stdin; fi
fi
# stdout may be a file, which llvm-cvtres would replace; so the result is made in a temporary file.
xx_result=${xx_output:-/dev/stdout}
if [ -z "$xx_output$xx_dry" ]; then xx_result=${xx_first}.o; fi
case $xx_output_format in
  res) xx_run cp "$xx_second" "$xx_result" ;;
  *)
    xx_llvm llvm-cvtres
    xx_run "$xx_tool" "-machine:$xx_machine" "-out:$xx_result" "$xx_second"
    ;;
esac
if [ -z "$xx_output$xx_dry" ]; then cat "$xx_result"; fi
