# What the two linkers for macOS have in common: Apple's libraries that no folder has.

. ./list.sh

end='
'
out='' library='' titled=''
take='' root='' folders='' frameworks='' libraries='' wanted='' missing='' notes=''

refuse() {
  printf 'ld: error: %s\n' "$1" >&2
  exit 1
}

# A word that no list can have. lld has no -r: it warns, and makes a program of what it was to
# combine.
check() {
  case $1 in
    '') refuse 'an empty word' ;;
    -r) refuse 'this linker does not combine objects into one (-r): link all of them instead' ;;
    *"$s"*) refuse "a control character in a word: $1" ;;
  esac
}

# An option that changes nothing. lld warns of it, and libtool takes the warning for a refusal and
# links with -r instead.
ignored() {
  [ "$1" = -single_module ]
}

# A stub in $word, which CMake has found by its path, becomes -lNAME.
by_name() {
  case $word in
    "$declared"/usr/lib/lib?*.tbd)
      word=${word##*/lib}
      word=-l${word%.tbd}
      ;;
  esac
}

# The option $name with its value $value, as far as it says what is linked. Fails for any other.
look() {
  case $name in
    -o) out=$value ;;
    -L) folders=$folders$s$value ;;
    -F) frameworks=$frameworks$s$value ;;
    -syslibroot) root=$value ;;
    -framework | -weak_framework | -needed_framework) wanted=$wanted$s$value ;;
    -platform_version)
      [ "$value" = macos ] || refuse "cannot link for $value, only for macos"
      take="minimum sdk"
      ;;
    -arch)
      [ "$value" = "$architecture" ] || refuse "cannot link for $value, only for $architecture"
      ;;
    sdk | -lto_library | -mllvm | -object_path_lto | -dependency_info) ;;
    *) return 1 ;;
  esac
}

# Notes whether a shared library is linked, and whether it gets an install name.
about_library() {
  case $1 in
    -dylib) library=yes ;;
    -install_name | -dylib_install_name) titled=yes ;;
  esac
}

# The install name of a library that rustc links by its path on this machine, in $title, or "".
entitle() {
  title=''
  case $library$titled$out in
    yes/*) title=${XXPY_INSTALL_NAMES:+$XXPY_INSTALL_NAMES/${out##*/}} ;;
  esac
}

# The options whose value is the next word.
separate() {
  case $1 in
    -o | -L | -F | -syslibroot | -arch | -framework | -weak_framework) take=$1 ;;
    -needed_framework | -lto_library | -mllvm | -platform_version) take=$1 ;;
    -object_path_lto | -dependency_info) take=$1 ;;
    *) return 1 ;;
  esac
}

# Takes the next of the options in $take, in $name; -platform_version has three values.
next() {
  name=${take%% *}
  case $take in
    *' '*) take=${take#* } ;;
    *) take='' ;;
  esac
}

# What no folder of -L or -F has, and the sysroot neither, but the stubs, in $missing.
find_missing() {
  for value in ${libraries#"$s"}; do
    for folder in ${folders#"$s"} "$root/usr/lib"; do
      for suffix in tbd dylib a; do
        [ ! -e "$folder/lib$value.$suffix" ] || continue 3
      done
    done
    [ ! -e "$stubs/usr/lib/lib$value.tbd" ] || missing="$missing -l$value"
  done
  for value in ${wanted#"$s"}; do
    for folder in ${frameworks#"$s"} "$root/System/Library/Frameworks"; do
      [ ! -e "$folder/$value.framework" ] || continue 2
    done
    if [ -e "$stubs/System/Library/Frameworks/$value.framework" ]; then
      missing="$missing -framework $value"
    fi
  done
}

# Says in $notes which releases of macOS have the missing symbols, which are in $said.
explain() {
  while IFS=' ' read -r symbol since; do
    case "$said$end" in
      *"undefined symbol: $symbol$end"* | *"undefined symbol: ${symbol#_}$end"*)
        case $since in
          never) who='no macOS has' ;;
          *) who="only macOS $since and newer has" ;;
        esac
        notes="${notes}ld: note: $who $symbol$end"
        ;;
    esac
  done <"$absent"
}

# Links by the command "$@", and ends.
link() {
  status=0
  { said=$("$@" 2>&1 >&3) || status=$?; } 3>&1
  if [ "$status" -ne 0 ]; then explain; fi
  finish
}

# Prints $said and $notes, and ends with $status.
finish() {
  if [ -n "$said" ]; then printf '%s\n' "$said" >&2; fi
  printf '%s' "$notes" >&2
  exit "$status"
}

# Links with the stubs, by the command "$@". Returns only if symbols are missing and nothing else
# is wrong, so that they may be left to the loader.
link_with_stubs() {
  status=0
  said=$("$@" 2>&1) || status=$?
  left=0 other=''
  while IFS= read -r line; do
    case $line in
      # A place, whose names may be any, such as check_error::new.
      *'>>> '* | *'note: '*) ;;
      *'undefined symbol: '*) left=$((left + 1)) ;;
      *error:*) other=yes ;;
    esac
  done <<TEXT
$said
TEXT
  if [ "$status" -ne 0 ]; then explain; fi
  if [ "$status" -eq 0 ] || [ "$left" -eq 0 ] || [ -n "$other$notes" ]; then finish; fi
  reason="the libraries that have them are not here (${missing# }); an SDK has"
  if [ "$left" -eq 1 ]; then what='1 symbol is'; else what="$left symbols are"; fi
  printf 'ld: %s left to the loader, unchecked: %s\n' "$what" "$reason" >&2
}
