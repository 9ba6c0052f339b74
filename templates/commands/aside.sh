# Files and folders are made aside, as .xxpy-PID-START-BOOT-MOUNT, and renamed into place. The name
# tells who makes it: the number of the process and when it was started, the boot of the machine,
# and the mount of /proc, of which each container has its own. So the next run knows what a kill
# left, and what somebody still works on, perhaps in another container. None of this starts a
# process unless something was left.

# When process $1 was started, in xx_start, and its own line in xx_line. Fails if it has ended.
xx_started() {
  { IFS= read -r xx_line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The state and the start are words 1 and 20 after the name (proc(5)), which may contain spaces.
  xx_start=${xx_line##*) }
  case $xx_start in
    [ZX]*) return 1 ;;
  esac
  xx_key=...................
  while [ -n "$xx_key" ]; do xx_start=${xx_start#* } xx_key=${xx_key#?}; done
  xx_start=${xx_start%% *}
}

xx_life=''

# Who this is: the process in xx_process, and where it runs in xx_life; "unknown" without /proc.
xx_life() {
  xx_process=$$-0 xx_life=unknown xx_boot='' xx_mount=''
  xx_started self || return 0
  xx_process=${xx_line%% *}-$xx_start
  { IFS=- read -r xx_boot xx_line </proc/sys/kernel/random/boot_id; } 2>/dev/null || return 0
  # A line is ID PARENT MAJOR:MINOR ROOT PLACE and more; the last one for a place counts.
  while read -r xx_key xx_key xx_line xx_key xx_key xx_start; do
    [ "$xx_key" != /proc ] || xx_mount=${xx_line#*:}
  done 2>/dev/null </proc/self/mountinfo || :
  [ -z "$xx_boot" ] || [ -z "$xx_mount" ] || xx_life=$xx_boot-$xx_mount
}

# Whether the process that makes $1 is one of those that are seen here, dead or alive.
xx_is_from_here() {
  [ -n "$xx_life" ] || xx_life
  [ "$xx_life" != unknown ] || return 1
  xx_line=${1##*/.xxpy-}
  case ${xx_line%.tar} in
    [0-9]*-[0-9]*-"$xx_life") ;;
    *) return 1 ;;
  esac
}

# Whether that process runs.
xx_is_at_work() {
  xx_is_from_here "$1" || return 1
  set -- "${1##*/.xxpy-}"
  set -- "${1%%-*}" "${1#*-}"
  xx_started "$1" && [ "$xx_start" = "${2%%-*}" ]
}

# Whether a kill left $1: its process is gone; or it is from another container, another machine or
# an earlier boot, and an hour old. It belongs to this user.
xx_is_left() {
  [ -e "$1" ] || [ -h "$1" ] || return 1
  ! xx_is_at_work "$1" || return 1
  if xx_is_from_here "$1"; then
    # Without find, the process alone decides.
    command -v find >/dev/null || return 0
    set -- "$1" -prune
  else
    set -- "$1" -prune -mmin +60
  fi
  [ -n "$(find "$@" -user "$(id -u)" 2>/dev/null)" ]
}

# Removes what kills left in the folder $1.
xx_sweep() {
  case $- in
    *f*)
      set +f
      set -- "$1"/.xxpy-[0-9]*-*
      set -f
      ;;
    *) set -- "$1"/.xxpy-[0-9]*-* ;;
  esac
  while [ "$#" -gt 0 ]; do
    if xx_is_left "$1"; then rm -rf "$1" 2>/dev/null || :; fi
    shift
  done
}

# Sets xx_new to the name under which the file $1 is made aside, and removes what kills left in its
# folder. Until xx_done, whatever ends the shell removes xx_new too; only a kill does not.
xx_aside() {
  xx_life
  xx_made=$1
  case $1 in
    */*) set -- "${1%/*}" ;;
    *) set -- . ;;
  esac
  xx_new=$1/.xxpy-$xx_process-$xx_life
  xx_sweep "$1"
  while [ -e "$xx_new" ] || [ -h "$xx_new" ] || [ -e "$xx_new.tar" ]; do xx_new=${xx_new}0; done
  trap 'rm -rf "$xx_new" "$xx_new.tar"; printf "%s cannot be written\n" "$xx_made" >&2' EXIT
  trap 'trap - EXIT; rm -rf "$xx_new" "$xx_new.tar"; exit 1' HUP INT TERM
}

xx_done() {
  trap - EXIT HUP INT TERM
}
