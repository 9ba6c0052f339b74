#!/bin/sh
set -eu
if [ -n "${XX_DEBUG_APT-}" ]; then set -x; fi

# table: tool
xx_tool=apt-get
# end

. ./apt-words.sh

xx_begin
for xx_word; do
  xx_look "$xx_word"
  [ -z "$xx_verb" ] || break
done
case ${1-} in
  --print-source-file | --fix-source-file) ;;
  *)
    case $xx_verb in
      install | remove | search | show | list | info) ;;
      *) exec "$xx_tool" "$@" ;;
    esac
    ;;
esac

. ./target.sh

xx_target

. ./triple.sh

. ./ready.sh

. ./cross.sh

. ./packages.sh

. ./aside.sh

. ./apt-sources.sh

set -f
case ${1-} in
  --print-source-file)
    xx_release
    xx_main_source
    printf '%s\n' "$xx_source"
    exit
    ;;
  --fix-source-file)
    if [ "$#" -ne 3 ] || [ -z "$3" ]; then
      xx_fail "usage: xx-$xx_tool --fix-source-file FILE ARCHITECTURE"
    fi
    [ -f "$2" ] || xx_fail "file not found: $2"
    xx_restrict "$2" "$3"
    exit
    ;;
esac

xx_names
. ./apt-release.sh

command -v "$xx_tool" >/dev/null ||
  xx_fail "$xx_tool: not found" \
    'hint: this system has other packages; xx-apk and xx-dnf are for those of Alpine and Fedora'

. ./apt-ask.sh

if xx_cross; then xx_is_cross=1; else xx_is_cross=''; fi

# Adds the architecture once, and fetches the lists if it is new or they are missing.
xx_is_new=''
if [ -z "$xx_is_cross" ] || [ -n "$xx_suffix" ]; then
  xx_arch_name=$(dpkg --print-architecture)
else
  xx_known=$(dpkg --print-architecture && dpkg --print-foreign-architectures)
  xx_is_new=1
  for xx_word in $xx_known; do
    [ "$xx_word" != "$xx_arch_name" ] || xx_is_new=''
  done
fi
if [ -n "$xx_is_new" ]; then
  xx_machine_arch_name=${xx_known%%[!a-z0-9-]*}
  if [ -n "$xx_lacking" ] || [ -z "$xx_arch_name" ]; then
    xx_word=$xx_platform${xx_arch_name:+ ($xx_arch_name)}
    xx_line='hint: take a release that has it, or add sources of your own and:'
    xx_fail "$xx_id $xx_os_version has no packages for $xx_word" \
      "$xx_line dpkg --add-architecture ${xx_arch_name:-ARCH}"
  fi
  # Some distributions have two archives: a main one and one for ports. If both architectures are in
  # the same one, its address stays.
  xx_two_archives='' xx_address=''
  case $xx_id:$xx_machine_arch_name:$xx_arch_name in
    # table: archives
    ubuntu:amd64:*) xx_two_archives=1 xx_address=http://ports.ubuntu.com/ubuntu-ports ;;
      # end
  esac
  [ -z "$xx_two_archives" ] || xx_split
  xx_show dpkg --add-architecture "$xx_arch_name"
  dpkg --add-architecture "$xx_arch_name" ||
    xx_fail "$xx_arch_name cannot be added" 'hint: that needs root'
fi
# apt-get update succeeds even if it reaches no archive; and lists of an archive that names no
# architectures may have any.
xx_listed() {
  xx_said=$(xx_ask lists "$@")
  for xx_word in $xx_said; do
    case $xx_word in
      "$xx_arch_name" | "$xx_unnamed") return ;;
    esac
  done
  return 1
}
xx_not_fetched() {
  xx_fail "the lists of packages for $xx_arch_name cannot be fetched" \
    'hint: the mirror may be behind for this architecture, or the network down; apt says more above'
}
xx_unnamed='' xx_is_unlisted=''
if [ -n "$xx_is_new" ] || ! xx_listed "$@"; then
  xx_ask update "$@" || xx_not_fetched
  xx_unnamed="\$(ARCHITECTURE)"
  xx_listed "$@" || xx_is_unlisted=1
fi

# The packages of this machine that make programs for the target have its triple in their names.
xx_dashed=$xx_triple
while :; do
  case $xx_dashed in
    *_*) xx_dashed=${xx_dashed%%_*}-${xx_dashed#*_} ;;
    *) break ;;
  esac
done
. ./apt-linker.sh

xx_of=''
[ -z "$xx_is_cross" ] || xx_of=:$xx_arch_name
xx_asked='' xx_libraries='' xx_binutils=''
xx_begin
for xx_word; do
  xx_look "$xx_word"
  case $xx_kind in
    package)
      if [ -n "$xx_suffix" ]; then
        xx_asked="$xx_asked $xx_word $xx_word-$xx_suffix"
      elif [ -n "$xx_is_cross" ]; then
        xx_asked="$xx_asked $xx_word $xx_word-$xx_dashed $xx_word-$xx_arch_name-cross"
      fi
      ;;
    essentials)
      if [ -n "$xx_suffix" ]; then
        xx_asked="$xx_asked $xx_suffix-dev gcc-$xx_suffix g++-$xx_suffix"
      else
        if [ -z "$xx_libraries" ] && [ "$xx_verb" = install ] && xx_lacks_linker; then
          xx_binutils=binutils${xx_is_cross:+-$xx_dashed}
          xx_asked="$xx_asked lld lld-$xx_clang_version $xx_binutils"
        fi
        xx_libraries=1
      fi
      ;;
  esac
done
if [ -n "$xx_libraries" ]; then
  for xx_word in "\$$xx_of" "-$xx_arch_name-cross\$"; do
    xx_asked="$xx_asked ^libgcc-[0-9]+-dev$xx_word ^libstdc\\+\\+-[0-9]+-dev$xx_word"
  done
  xx_asked="$xx_asked libc6-dev-$xx_arch_name-cross"
fi
if [ -n "$xx_is_unlisted" ] && [ -n "$xx_asked" ]; then xx_not_fetched; fi
xx_find "$@"

. ./apt-essentials.sh

. ./apt-names.sh

# The command line with the names replaced.
xx_given='' xx_kept=''
xx_begin
for xx_word; do
  shift
  xx_look "$xx_word"
  case $xx_verb/$xx_kind in
    search/*) set -- "$@" "$xx_word" && xx_kept=1 ;;
    */package | */essentials)
      xx_given=1
      xx_essentials "$xx_word"
      for xx_one in $xx_names; do
        xx_name "$xx_one"
        if [ -n "$xx_named" ]; then
          set -- "$@" "$xx_named"
          xx_kept=1
        else
          printf 'no %s for %s: left out\n' "$xx_one" "$xx_platform" >&2
        fi
      done
      # The first of the essentials brings the linker.
      if [ -n "$xx_linker" ] && [ "$xx_kind" = essentials ]; then
        set -- "$@" "$xx_linker"
        xx_linker=''
      fi
      ;;
    */kept) set -- "$@" "$xx_word" && xx_given=1 xx_kept=1 ;;
    *) set -- "$@" "$xx_word" ;;
  esac
done
[ -z "$xx_given" ] || [ -n "$xx_kept" ] || exit 0
. ./apt-explain.sh

xx_show "$xx_tool" "$@"
exec "$xx_tool" "$@"
