# Sources files of apt.

# Splits an entry of a one-line sources file, such as "# deb [arch=arm64 trusted=yes] URI SUITE",
# into xx_lead, xx_type, xx_options, xx_uri and xx_rest. Fails for any other line.
xx_entry() {
  xx_lead=${1%%[!#[:space:]]*}
  xx_rest=${1#"$xx_lead"}
  case $xx_rest in
    deb[[:space:]]* | deb-src[[:space:]]*) ;;
    *) return 1 ;;
  esac
  xx_type=${xx_rest%%[[:space:]]*}
  xx_rest=${xx_rest#"$xx_type"} xx_rest=${xx_rest#"${xx_rest%%[![:space:]]*}"} xx_options=''
  case $xx_rest in
    \[*\]*)
      xx_options=${xx_rest%%\]*} xx_options=${xx_options#\[}
      xx_options=${xx_options#"${xx_options%%[![:space:]]*}"}
      xx_options=${xx_options%"${xx_options##*[![:space:]]}"}
      xx_rest=${xx_rest#*\]} xx_rest=${xx_rest#"${xx_rest%%[![:space:]]*}"}
      ;;
  esac
  xx_uri=${xx_rest%%[[:space:]]*}
  xx_rest=${xx_rest#"$xx_uri"}
  case $xx_uri in
    [a-z]*:*) ;;
    *) return 1 ;;
  esac
}

# Sets xx_source to the file with the distribution's own sources.
xx_main_source() {
  xx_source=/etc/apt/sources.list.d/$xx_id.sources
  [ -e "$xx_source" ] || xx_source=/etc/apt/sources.list
}

# Prints the sources file $1, with every entry that names no architecture restricted to $2.
xx_restricted() {
  case $1 in
    *.sources)
      while IFS= read -r xx_line || [ -n "$xx_line" ]; do
        printf '%s\n' "$xx_line"
        case $xx_line in
          [Tt]ypes:*) printf 'Architectures: %s\n' "$2" ;;
        esac
      done
      ;;
    *)
      while IFS= read -r xx_line || [ -n "$xx_line" ]; do
        if xx_entry "$xx_line"; then
          case " $xx_options" in
            *[[:space:]]arch=* | *[[:space:]]arch[+-]=*) ;;
            *) xx_line="$xx_lead$xx_type [arch=$2${xx_options:+ $xx_options}] $xx_uri$xx_rest" ;;
          esac
        fi
        printf '%s\n' "$xx_line"
      done
      ;;
  esac <"$1"
}

# Restricts the sources file $1 to the architecture $2, unless it names architectures itself.
xx_restrict() {
  case $1 in
    *.sources)
      while IFS= read -r xx_line || [ -n "$xx_line" ]; do
        case $xx_line in
          [Aa]rchitectures:*) return ;;
        esac
      done <"$1"
      ;;
  esac
  # cp -p keeps the owner and the mode.
  xx_aside "$1"
  cp -p "$1" "$xx_new"
  xx_restricted "$1" "$2" >"$xx_new"
  mv "$xx_new" "$1"
  xx_done
}

# Prints the main sources file $1 for the architecture $2, and for the archive $3 if that is not
# empty.
xx_foreign_source() {
  case $1 in
    *.sources)
      xx_dropped=''
      while IFS= read -r xx_line || [ -n "$xx_line" ]; do
        case $xx_dropped$xx_line in
          \#* | 1\#*) continue ;;
          1[[:space:]]*) continue ;;
        esac
        xx_dropped=''
        case $xx_line in
          [Tt]ypes:*) printf 'Types: deb\nArchitectures: %s\n' "$2" ;;
          [Aa]rchitectures:*) xx_dropped=1 ;;
          [Uu][Rr][Ii]s:*)
            [ -z "$3" ] || xx_line="URIs: $3" xx_dropped=1
            printf '%s\n' "$xx_line"
            ;;
          *) printf '%s\n' "$xx_line" ;;
        esac
      done
      ;;
    *)
      while IFS= read -r xx_line || [ -n "$xx_line" ]; do
        xx_entry "$xx_line" || continue
        case $xx_lead$xx_type in
          *\#* | *-src) continue ;;
        esac
        xx_line="deb [arch=$2"
        for xx_word in $xx_options; do
          case $xx_word in
            arch=* | arch[+-]=*) ;;
            *) xx_line="$xx_line $xx_word" ;;
          esac
        done
        printf '%s\n' "$xx_line] ${3:-$xx_uri}$xx_rest"
      done
      ;;
  esac <"$1"
}

# Restricts the main sources file to the architecture of this machine, and adds a file for that of
# the target.
xx_split() {
  xx_main_source
  [ -e "$xx_source" ] ||
    xx_fail "there is no $xx_source" 'hint: it names the sources of the distribution'
  xx_added=/etc/apt/sources.list.d/xx-$xx_arch_name.${xx_source##*.}
  [ ! -e "$xx_added" ] || return 0
  xx_restrict "$xx_source" "$xx_machine_arch_name"
  xx_aside "$xx_added"
  xx_foreign_source "$xx_source" "$xx_arch_name" "$xx_address" >"$xx_new"
  mv "$xx_new" "$xx_added"
  xx_done
}
