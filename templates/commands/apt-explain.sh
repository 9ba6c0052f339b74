# Lets apt try first whether it can install the packages beside those of this machine. If not, says
# why; and refuses to replace programs of this machine by ones that do not run on it.
xx_version() {
  xx_version=${1#*" $2="} xx_version=${xx_version%% *}
}
xx_nearest() {
  command -v awk >/dev/null || return 0
  apt-cache pkgnames | awk -v asked="$1" '
    function least(a, b) { return a < b ? a : b }
    function distance(name,    i, j, n, m, row, last, new) {
      n = length(asked); m = length(name)
      for (j = 0; j <= m; j++) row[j] = j
      for (i = 1; i <= n; i++) {
        last = row[0]; row[0] = i
        for (j = 1; j <= m; j++) {
          new = last + (substr(asked, i, 1) != substr(name, j, 1))
          new = least(least(row[j], row[j - 1]) + 1, new)
          last = row[j]; row[j] = new
        }
      }
      return row[m]
    }
    BEGIN { best = 4 }
    BEGIN { first = substr(asked, 1, 2); size = length(asked) }
    substr($1, 1, 2) == first && length($1) < size + 4 && length($1) > size - 4 {
      found = distance($1)
      if (found < best) { best = found; names = $1; count = 1 }
      else if (found == best && found < 4 && count < 3) { names = names ", " $1; count++ }
    }
    END { if (names != "") print "hint: for " asked ", did you mean " names "?" }
  '
}
if [ "$xx_verb" = install ] && [ -n "$xx_is_cross" ] && [ -z "$xx_suffix" ]; then
  xx_status=0 xx_removed='' xx_new=' ' xx_unknown='' xx_involved='libc6'
  xx_said=$(LC_ALL=C "$xx_tool" -s "$@" 2>&1 </dev/null) || xx_status=$?
  xx_output=$xx_said
  while read -r xx_key xx_value xx_rest; do
    case "$xx_key $xx_value $xx_rest" in
      'Remv '*) xx_removed="$xx_removed $xx_value" ;;
      'Inst '*) xx_new="$xx_new$xx_value " ;;
      'E: Unable to locate package '*) xx_unknown="$xx_unknown ${xx_rest##* }" ;;
      "E: Package '"*)
        xx_rest=${xx_rest#\'}
        xx_unknown="$xx_unknown ${xx_rest%%\'*}"
        ;;
      *)
        for xx_word in $xx_key $xx_value $xx_rest; do
          case $xx_word in
            [a-z0-9]*:"$xx_arch_name") xx_involved="$xx_involved ${xx_word%:*}" ;;
          esac
        done
        ;;
    esac
  done <<END
$xx_output
END

  if [ "$xx_status" -ne 0 ]; then
    printf '%s\n' "$xx_output" >&2
    xx_asked=''
    for xx_word in $xx_involved; do
      case " $xx_asked " in
        *" $xx_word "*) ;;
        *) xx_asked="$xx_asked $xx_word $xx_word:$xx_arch_name" ;;
      esac
    done
    for xx_word in $xx_unknown; do
      xx_asked="$xx_asked ${xx_word%:*}"
    done
    xx_find "$@"
    for xx_word in $xx_unknown; do
      if xx_has "${xx_word%:*}"; then
        printf '%s is a package for this machine, but not for %s\n' \
          "${xx_word%:*}" "$xx_arch_name" >&2
      else
        xx_nearest "${xx_word%:*}" >&2
      fi
    done
    xx_differs=''
    for xx_word in $xx_asked; do
      case $xx_installed in
        *" $xx_word="*) xx_version "$xx_installed" "$xx_word" ;;
        *) continue ;;
      esac
      xx_own=$xx_version
      xx_has "$xx_word:$xx_arch_name" || continue
      xx_version "$xx_found" "$xx_word:$xx_arch_name"
      if [ "$xx_own" != "$xx_version" ]; then
        xx_differs=1
        printf '%s: this machine has %s, for %s there is %s\n' \
          "$xx_word" "$xx_own" "$xx_arch_name" "$xx_version" >&2
      fi
    done
    if [ -n "$xx_differs" ]; then
      xx_line='hint: bring the machine to that version (apt-get upgrade, or a newer image),'
      printf '%s\n' \
        'A library can be installed for two architectures only in one and the same version.' \
        "$xx_line or take a mirror that is as far for both" >&2
    else
      case $xx_output in
        *'unmet dependencies'*) ;;
        *) exit "$xx_status" ;;
      esac
      xx_line="hint: install libraries (lib…-dev) for $xx_arch_name,"
      printf '%s\n' \
        'What apt says above keeps packages of the two architectures from being side by side.' \
        "$xx_line and programs for this machine with $xx_tool" >&2
    fi
    exit "$xx_status"
  fi

  # Programs (Multi-Arch: allowed or foreign) of this machine that would be removed, because the
  # same program of the target replaces them.
  xx_replaced=''
  for xx_word in $xx_removed; do
    case $xx_new in
      *" $xx_word:$xx_arch_name "*) xx_replaced="$xx_replaced $xx_word" ;;
    esac
    case " $* " in
      *" $xx_word- "* | *" $xx_word:"*"- "*)
        xx_replaced=''
        break
        ;;
    esac
  done
  if [ -n "$xx_replaced" ]; then
    xx_programs='' xx_package=''
    xx_said=$(
      set -- --no-all-versions show
      for xx_one in $xx_replaced; do
        set -- "$@" "$xx_one"
      done
      apt-cache "$@" 2>/dev/null
    ) || true
    while read -r xx_key xx_value; do
      case $xx_key$xx_value in
        Package:*) xx_package=$xx_value ;;
        Multi-Arch:allowed | Multi-Arch:foreign)
          case " $xx_programs " in
            *" $xx_package "*) ;;
            *) xx_programs="$xx_programs $xx_package" ;;
          esac
          ;;
      esac
    done <<END
$xx_said
END
    if [ -n "$xx_programs" ]; then
      xx_word=${xx_programs# } xx_word=${xx_word%% *}
      xx_line="hint: install the libraries that you need (such as lib$xx_word-dev) instead of"
      xx_line="$xx_line the program; if the machine's own may go, say so:"
      xx_fail "installing for $xx_arch_name would remove programs of this machine:$xx_programs" \
        "They can be there for one architecture only, and those of $xx_arch_name do not run here." \
        "$xx_line $xx_tool install $xx_word:$xx_arch_name $xx_word-"
    fi
  fi
fi
