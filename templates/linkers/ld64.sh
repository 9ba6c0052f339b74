#!/bin/sh
# Link for macOS with zig's linker, and accept the options of Apple's linker, which clang's driver
# uses (https://lld.llvm.org/MachO/). zig's linker has other options: the script translates those
# that it supports, and reports an error for all others.
#
# If no folder has a library or framework of Apple's, a stub is used, which has a name and no
# symbols. Only then does the linker leave the symbols that no library has to the loader, and print
# their number.
set -euf

# table: facts
zig=zig target=aarch64-macos architecture=arm64
stubs=/stubs declared=/declared absent=/absent cxx=/cxx/lib
# end

. ./ld64-common.sh

version='' inputs=''

# Words for zig.
add() {
  for added; do
    check "$added"
    put "$added"
  done
}

# Words for zig's linker.
pass() {
  for passed; do
    add -Xlinker "$passed"
  done
}

# The option $name with its value $value.
valued() {
  case $name in
    -o) add -o "$value" ;;
    -L) add "-L$value" ;;
    -F) add "-F$value" ;;
    -framework | -weak_framework | -needed_framework) add "$name" "$value" ;;
    minimum) version=$value ;;
    -install_name | -rpath | -headerpad | -stack_size | -pagezero_size | -u | -e | -force_load)
      pass "$name" "$value"
      ;;
    -compatibility_version | -current_version)
      case $value in
        *[!0-9.]*) refuse "unknown version $name $value" ;;
        *.*) pass "$name" "$value" ;;
        *) pass "$name" "$value.0" ;;
      esac
      ;;
    -undefined)
      case $value in
        error | dynamic_lookup) pass "$name" "$value" ;;
        *) refuse "zig's linker has no -undefined $value" ;;
      esac
      ;;
    -filelist)
      while IFS= read -r line || [ -n "$line" ]; do
        add "$line"
        inputs=yes
      done <"$value"
      ;;
  esac
  look || :
}

# The options of Apple's linker that only zig is told of.
further() {
  case $1 in
    -install_name | -rpath | -headerpad | -stack_size | -pagezero_size | -u | -e) take=$1 ;;
    -force_load | -filelist | -compatibility_version | -current_version | -undefined) take=$1 ;;
    -dylib_install_name) take=-install_name ;;
    -dylib_compatibility_version) take=-compatibility_version ;;
    -dylib_current_version) take=-current_version ;;
    *) return 1 ;;
  esac
}

for word; do
  check "$word"
  by_name
  about_library "$word"
  # The folder of libc++ is there when something has linked it.
  if [ "$word" = "-L$cxx" ] && [ ! -d "$cxx" ]; then continue; fi
  if [ -n "$take" ]; then
    value=$word
    next
    valued
    continue
  fi
  if ignored "$word" || separate "$word" || further "$word"; then continue; fi
  case $word in
    -L?*)
      folders=$folders$s${word#-L}
      add "$word"
      ;;
    -F?*)
      frameworks=$frameworks$s${word#-F}
      add "$word"
      ;;
    # By its path: zig would link a libc++ of its own instead.
    -lc++ | -lc++abi)
      if [ -e "$cxx/lib${word#-l}.a" ]; then word=$cxx/libc++.a; fi
      add "$word"
      ;;
    -l?*)
      libraries=$libraries$s${word#-l}
      add "$word"
      ;;
    -v | --version)
      printf 'zig ld %s\n' "$("$zig" version)"
      exit 0
      ;;
    -dylib) add -dynamiclib ;;
    -bundle)
      refuse "zig's linker makes no bundles; with rustup's toolchain its ld64.lld links them"
      ;;
    -execute | -dynamic | -demangle | -export_dynamic | -pie | -adhoc_codesign) ;;
    -no_deduplicate | -search_paths_first | -twolevel_namespace) ;;
    -dead_strip | -dead_strip_dylibs | -headerpad_max_install_names | -search_dylibs_first)
      pass "$word"
      ;;
    -S | -x | -w) pass "$word" ;;
    @*) refuse "zig's linker takes no response files: $word" ;;
    -*) refuse "zig's linker has no $word; with rustup's toolchain its ld64.lld has" ;;
    *)
      add "$word"
      inputs=yes
      ;;
  esac
done
[ -z "$take" ] || refuse "$take: missing argument"
[ -n "$inputs$libraries" ] || refuse 'no input files'
entitle
if [ -n "$title" ]; then pass -install_name "$title"; fi
find_missing
join

# zig's own libSystem is that of the newest macOS.
export ZIG_LIB_DIR="${0%/*}/library"

# shellcheck disable=SC2086 # a list
set -- "$zig" cc -target "$target.${version:?}" ${list#"$s"}
if [ -d "$root/usr/lib" ]; then set -- "$@" "-L$root/usr/lib"; fi
if [ -d "$root/System/Library/Frameworks" ]; then
  set -- "$@" "-F$root/System/Library/Frameworks"
fi
if [ -z "$missing" ]; then link "$@"; fi
set -- "$@" "-L$stubs/usr/lib" "-F$stubs/System/Library/Frameworks"
link_with_stubs "$@"
exec "$@" -Xlinker -undefined -Xlinker dynamic_lookup
