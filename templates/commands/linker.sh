# The linker that links what clang compiles for the target. Needs clang, the names of the target,
# and the folder of the set-up in xx_bin.

# Finds GNU ld for the target, in xx_linker: TRIPLE-ld, /TRIPLE/bin/ld, or the ld of this machine if
# it supports the format; that one becomes TRIPLE-ld.
xx_find_ld() {
  for xx_key in "$xx_triple" "$xx_clang_triple"; do
    if xx_on_path "$xx_key-ld"; then
      xx_linker=$xx_found
      return
    fi
    for xx_linker in "/$xx_key/bin/ld" "$xx_bin/$xx_key-ld"; do
      [ ! -x "$xx_linker" ] || return 0
    done
  done
  [ -n "$xx_emulation" ] && xx_on_path ld || return 1
  xx_said=" $("$xx_found" -V 2>/dev/null || :) "
  case $xx_said in
    *[!A-Za-z0-9_]"$xx_emulation"[!A-Za-z0-9_]*) xx_linker=$xx_bin/$xx_triple-ld ;;
    *) return 1 ;;
  esac
}

xx_find_lld() {
  xx_linker=lld
  xx_on_path ld.lld || xx_on_path lld || { xx_found=${xx_real%/*}/ld.lld && [ -x "$xx_found" ]; }
}

# Whether the lld in $1 is new enough for the target.
xx_is_new_enough() {
  [ -n "$xx_lld_since" ] || return 0
  xx_said=$("$1" --version 2>&1) || :
  xx_said=${xx_said#*LLD }
  xx_said=${xx_said%%[!0-9]*}
  [ "${xx_said:-0}" -ge "$xx_lld_since" ]
}

xx_find_gold() {
  xx_on_path "$xx_triple-ld.gold" || return 1
  xx_linker=$xx_found
}

# Chooses the linker, in xx_linker; fails if none links for the target.
xx_choose_linker() {
  xx_prefers=${XX_CC_PREFER_LINKER-}
  if [ -n "$xx_sdk" ]; then
    if xx_on_path ld64.signed || xx_on_path ld64; then
      xx_linker=$xx_found
    elif [ -d "$xx_sdk" ] && xx_find_lld; then
      xx_linker=lld
    else
      xx_linker=ld64
      printf 'warning: no linker for %s: no ld64 on PATH, and no SDK in %s for lld\n' \
        "$xx_triple" "$xx_sdk" >&2
    fi
    return
  fi
  xx_static=${xx_prefer_static:+${XX_CC_PREFER_STATIC_LINKER-}}
  if [ -z "$xx_prefers" ] && [ "$xx_static" = 1 ]; then
    xx_prefers=ld
  fi
  case $xx_prefers in
    ld) ! xx_find_ld || return 0 ;;
    gold) ! xx_find_gold || return 0 ;;
    lld) ! xx_find_lld || return 0 ;;
  esac
  if [ -z "$xx_lld_since" ] && xx_find_lld; then return; fi
  ! xx_find_ld || return 0
  [ -n "$xx_lld_since" ] && xx_find_lld && xx_is_new_enough "$xx_found"
}

# What the choice of a linker depends on, for platform $1.
xx_linker_facts() {
  xx_emulation='' xx_lld_since='' xx_prefer_static=''
  case $1 in
    # table: linkers
    linux/386) xx_emulation=elf_i386 xx_prefer_static=1 ;;
      # end
  esac
}
