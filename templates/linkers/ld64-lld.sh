#!/bin/sh
# Link for macOS with lld, which accepts the options of Apple's linker
# (https://lld.llvm.org/MachO/).
#
# If no folder has a library or framework of Apple's, a stub is used, which has a name and no
# symbols. Only then does the linker leave the symbols that no library has to the loader, and print
# their number.
set -euf

# table: facts
lld=ld64.lld architecture=arm64 stubs=/stubs declared=/declared absent=/absent cxx=/cxx/lib
# end

. ./ld64-common.sh

for word; do
  check "$word"
  if [ -z "$take" ] && ignored "$word"; then continue; fi
  by_name
  about_library "$word"
  # The folder of libc++ is there when something has linked it.
  if [ "$word" = "-L$cxx" ] && [ ! -d "$cxx" ]; then continue; fi
  put "$word"
  if [ -n "$take" ]; then
    value=$word
    next
    look || :
    continue
  fi
  if separate "$word"; then continue; fi
  case $word in
    -L?*) folders=$folders$s${word#-L} ;;
    -F?*) frameworks=$frameworks$s${word#-F} ;;
    -l?*) libraries=$libraries$s${word#-l} ;;
    # Meson looks for this name in what lld says, which may be called otherwise.
    -v) echo 'ld64.lld' >&2 ;;
  esac
done
[ -z "$take" ] || refuse "$take: missing argument"
entitle
if [ -n "$title" ]; then
  put -install_name
  put "$title"
fi
find_missing
join

# shellcheck disable=SC2086 # a list
set -- "$lld" ${list#"$s"}
if [ -z "$missing" ]; then link "$@"; fi
set -- "$@" "-L$stubs/usr/lib" "-F$stubs/System/Library/Frameworks" --error-limit=0
link_with_stubs "$@"
exec "$@" -undefined dynamic_lookup
