# Finds clang. Needs the names of the target.

xx_newline='
'

# The first executable $1 on PATH, in xx_found; a clang that xxpy made does not count.
xx_on_path() {
  xx_rest=$PATH:
  while [ -n "$xx_rest" ]; do
    xx_found=${xx_rest%%:*}
    xx_found=${xx_found:-.}/$1 xx_rest=${xx_rest#*:}
    if [ -f "$xx_found" ] && [ -x "$xx_found" ] && ! xx_made_by_us; then return; fi
  done
  return 1
}

# Whether xx_found is a clang that xxpy made: a script that says so in its second or third line.
xx_made_by_us() {
  case $xx_found in
    */clang | */clang++) ;;
    *) return 1 ;;
  esac
  {
    IFS= read -r xx_line
    [ "$xx_line" = '#!/bin/sh' ] || return 1
    IFS= read -r xx_line
    IFS= read -r xx_key
  } <"$xx_found"
  case $xx_line$xx_key in
    *'Made by xxpy'*) ;;
    *) return 1 ;;
  esac
}

xx_no_clang() {
  xx_fail "clang not found${CLANG:+: CLANG=$CLANG}" \
    'hint: install clang and lld, or set CLANG to its path'
}

# Finds clang, in xx_clang: $CLANG, else clang on PATH, else the newest clang-N on PATH, else the
# newest below /usr/lib. With an argument, /usr/lib is not searched.
xx_find_clang() {
  if [ -n "${CLANG-}" ]; then
    case $CLANG in
      /*) xx_clang=$CLANG ;;
      */*) xx_clang=$PWD/$CLANG ;;
      *) if xx_on_path "$CLANG"; then xx_clang=$xx_found; else xx_clang=''; fi ;;
    esac
    [ -x "$xx_clang" ]
    return
  fi
  if xx_on_path clang; then
    xx_clang=$xx_found
    return
  fi
  xx_clang='' xx_best=0 xx_rest=$PATH:
  while [ -n "$xx_rest" ]; do
    xx_found=${xx_rest%%:*} xx_rest=${xx_rest#*:}
    for xx_found in "${xx_found:-.}"/clang-[0-9]*; do xx_newer "${xx_found##*/clang-}"; done
  done
  if [ -z "$xx_clang${1-}" ]; then
    for xx_found in /usr/lib/llvm*/bin/clang; do
      xx_key=${xx_found%/bin/clang}
      xx_newer "${xx_key##*[!0-9]}"
    done
  fi
  [ -n "$xx_clang" ]
}

# Takes xx_found, of version $1, if it is newer than what was found before.
xx_newer() {
  case $1 in
    '' | *[!0-9]*) return ;;
  esac
  if [ -x "$xx_found" ] && [ "$1" -gt "$xx_best" ]; then xx_best=$1 xx_clang=$xx_found; fi
}

# Asks clang for its version, its spelling of the triple and its real path, beside which it looks
# for configuration files. Fails if the answer is not that of a clang.
xx_ask_clang() {
  xx_said=$("$xx_clang" "--target=$xx_clang_triple" '-###' -c -x c /dev/null 2>&1) || :
  xx_clang_version=${xx_said#*clang version }
  xx_clang_version=${xx_clang_version%%[!0-9]*}
  xx_clang_version=${xx_clang_version:-0}
  xx_spelled=${xx_said#*Target: }
  xx_spelled=${xx_spelled%%"$xx_newline"*}
  xx_real=${xx_said#*\"}
  xx_real=${xx_real%%\"*}
  case $xx_real:$xx_spelled in
    /*:*[!A-Za-z0-9_.-]*) return 1 ;;
    /*) ;;
    *) return 1 ;;
  esac
}
