# Asks apt what packages there are.

# Runs the query $1 of apt, with the options of the user that all of its tools take: -o and -c.
xx_ask() {
  xx_what=$1
  shift
  xx_value=''
  for xx_word; do
    shift
    case $xx_value$xx_word in
      1*)
        set -- "$@" "$xx_word"
        xx_value=''
        ;;
      -o | -c | --option | --config-file)
        set -- "$@" "$xx_word"
        xx_value=1
        ;;
      -o?* | -c?* | --option=* | --config-file=*) set -- "$@" "$xx_word" ;;
    esac
  done
  case $xx_what in
    lists) apt-get "$@" indextargets --format "\$(ARCHITECTURE)" 'Created-By: Packages' ;;
    update)
      xx_show apt-get "$@" update
      apt-get "$@" update >&2
      ;;
    packages)
      set -- "$@" policy
      for xx_word in $xx_asked; do
        set -- "$@" "$xx_word"
      done
      LC_ALL=C apt-cache "$@" 2>/dev/null
      ;;
  esac
}

# The available versions of the packages in xx_asked, as words NAME=VERSION in xx_found; installed
# ones in xx_installed.
xx_find() {
  xx_found=' ' xx_installed=' ' xx_package=''
  [ -n "$xx_asked" ] || return 0
  xx_said=$(xx_ask packages "$@") || true
  while read -r xx_key xx_value; do
    case $xx_key$xx_value in
      Candidate:\(none\) | Installed:\(none\)) ;;
      Candidate:*) xx_found="$xx_found$xx_package=$xx_value " ;;
      Installed:*) xx_installed="$xx_installed$xx_package=$xx_value " ;;
      [a-z0-9]*:) xx_package=${xx_key%:} ;;
    esac
  done <<END
$xx_said
END
}
xx_has() {
  case $xx_found in
    *" $1="*) ;;
    *) return 1 ;;
  esac
}
