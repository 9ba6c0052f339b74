#!/bin/sh
set -eu
if [ -n "${XX_DEBUG_CC-}" ]; then set -x; fi

# The ending of its own name says whether it is clang or clang++; xx-clang --wrap makes it plain
# clang, too.
xx_suffix=''
case $0 in
  *++) xx_suffix=++ ;;
esac

# The flags of xx-cc; all others are flags of clang. The value of an option is no flag.
xx_action='' xx_given='' xx_previous=''
for xx_word; do
  case $xx_previous:$xx_word in
    -X*:* | -o:* | --config:*) ;;
    -target:* | *:--target=*) xx_given=${xx_word#--target=} ;;
    *:--print-target-triple | *:-print-target-triple) xx_action=print-triple ;;
    *:--setup-target-triple | *:-setup-target-triple) xx_action=set-up ;;
    *:--print-cmake-defines | *:-print-cmake-defines) xx_action=print-cmake ;;
    *:--print-sysroot | *:-print-sysroot) xx_action=print-sysroot ;;
    :--wrap | :--unwrap) xx_action=${xx_word#--} ;;
    *:--download-prog=*)
      printf '%s: %s: no linker is downloaded\nhint: install lld or binutils\n' \
        "${0##*/}" "${xx_word#*=}" >&2
      exit 1
      ;;
  esac
  xx_previous=$xx_word
done

# --target and --unwrap replace the target of the environment.
case $xx_action:$xx_given in
  unwrap:*) TARGETPLATFORM='' TARGETPAIR='' TARGETOS='' TARGETARCH='' ;;
  *:?*)
    TARGETPAIR='' TARGETOS='' TARGETARCH=''
    case $xx_given in
      # table: triples
      x86_64-*linux-*) TARGETPLATFORM=linux/amd64 ;;
      # end
      *) TARGETPLATFORM='' xx_action=pass ;;
    esac
    ;;
esac

. ./target.sh

xx_target

. ./triple.sh

. ./ready.sh

xx_names
xx_triple=${xx_given:-$xx_triple}
if [ -z "$xx_action" ] && xx_ready; then
  xx_use
  exec "$xx_bin/$xx_triple-clang$xx_suffix" "$@"
fi

. ./cross.sh

. ./sysroot.sh

xx_find_further_linker() {
  return 1
}

. ./aside.sh

. ./set-up.sh

# The directory in which plain clang can be replaced.
xx_home=/usr/local/bin
if [ -e "$xx_home" ] && [ ! -w "$xx_home" ] || [ ! -w /usr ]; then
  xx_own_folder
  xx_home=$xx_bin
fi

case $xx_action in
  pass)
    xx_find_clang || xx_no_clang
    if [ -n "$xx_suffix" ]; then set -- --driver-mode=g++ "$@"; fi
    exec "$xx_clang" "$@"
    ;;
  print-sysroot)
    xx_sysroot
    case $xx_os in
      # table: sdk-systems
      darwin) xx_sysroot=${xx_sysroot%/} ;;
        # end
    esac
    printf '%s\n' "$xx_sysroot"
    exit
    ;;
  wrap)
    xx_find_clang || xx_no_clang
    for xx_found in "$xx_home/clang" "$xx_home/clang++"; do
      if [ -e "$xx_found" ] && ! xx_made_by_us; then xx_fail "$xx_found is there and not ours"; fi
    done
    case $0 in
      */*) xx_self=$0 ;;
      *) xx_self=$(command -v "$0") ;;
    esac
    mkdir -p "$xx_home"
    xx_aside "$xx_home/clang"
    trap 'rm -rf "$xx_new"' EXIT
    # clang++ first: as a link to clang it is what clang is, whenever a kill comes.
    {
      mkdir "$xx_new" && cp "$xx_self" "$xx_new/clang" && chmod 755 "$xx_new/clang" &&
        ln -s clang "$xx_new/clang++" && mv -f "$xx_new/clang++" "$xx_new/clang" "$xx_home/"
    } || xx_fail "plain clang cannot be wrapped in $xx_home"
    xx_done
    rm -rf "$xx_new"
    [ "$(command -v clang)" = "$xx_home/clang" ] ||
      xx_fail "plain clang is $(command -v clang), not the wrapped $xx_home/clang" \
        "hint: put $xx_home first on PATH"
    exit
    ;;
  unwrap)
    set --
    for xx_found in "$xx_home/clang" "$xx_home/clang++"; do
      if [ -e "$xx_found" ] && xx_made_by_us; then set -- "$@" "$xx_found"; fi
    done
    # A kill may leave the link to a clang that is gone.
    if [ -h "$xx_found" ] && [ ! -e "$xx_found" ] && [ "$(readlink "$xx_found")" = clang ]; then
      set -- "$@" "$xx_found"
    fi
    xx_clang=${xx_home%/*}/bin/clang.xxpy
    [ -e "$xx_clang" ] || xx_clang=/usr/bin/clang.xxpy
    xx_sweep "$xx_home"
    [ "$#" -gt 0 ] || exit 0
    [ -e "$xx_clang" ] || exec rm -f "$@"
    # clang first: clang++ is a link to it, so both change at once.
    xx_aside "$xx_home/clang"
    trap 'rm -rf "$xx_new"' EXIT
    mkdir "$xx_new"
    for xx_found; do
      shift
      ln -s "$xx_clang" "$xx_new/${xx_found##*/}"
      set -- "$@" "$xx_new/${xx_found##*/}"
    done
    mv -f "$@" "$xx_home/"
    xx_done
    exec rm -rf "$xx_new"
    ;;
esac

xx_ready || xx_set_up
xx_use
case $xx_action in
  print-triple) printf '%s\n' "$xx_triple" ;;
  print-cmake)
    set -- -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_ASM_COMPILER=clang \
      "-DPKG_CONFIG_EXECUTABLE=$(command -v "$xx_triple-pkg-config")"
    for xx_word in C CXX ASM; do set -- "$@" "-DCMAKE_${xx_word}_COMPILER_TARGET=$xx_triple"; done
    printf '%s\n' "$*"
    ;;
  '') exec "$xx_bin/$xx_triple-clang$xx_suffix" "$@" ;;
esac
