#!/bin/sh
# Links for macOS with lld, which takes the options of Apple's linker as they are
# (https://lld.llvm.org/MachO/).
#
# A library or framework of Apple's that no folder has is taken from the stubs, which hold names and
# no symbols. Only then may symbols be left to the loader, those that no library has; how many is
# said.
set -euf

# table: facts
lld=ld64.lld architecture=arm64 stubs=/stubs cxx=/cxx/lib
# end

. ./ld64-common.sh

for word; do
  check "$word"
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
  esac
done
[ -z "$take" ] || refuse "$take: missing argument"
find_missing
join

# shellcheck disable=SC2086 # a list
set -- "$lld" ${list#"$s"}
if [ -z "$missing" ]; then exec "$@"; fi
set -- "$@" "-L$stubs/usr/lib" "-F$stubs/System/Library/Frameworks" --error-limit=0
link_with_stubs "$@"
exec "$@" -undefined dynamic_lookup
