# Whether clang is set up for TRIPLE, which TRIPLE.cfg marks. Sets xx_bin to the directory of the
# set-up: /usr/bin, or a directory of the user where /usr/bin is read-only.
xx_ready() {
  xx_bin=/usr/bin
  if xx_marked; then return; fi
  [ ! -w /usr/bin ] || return 1
  xx_own_folder
  xx_marked
}

# Whether the mark is valid: a file that is empty or was written by something else is none.
xx_marked() {
  xx_mark=$xx_bin/$xx_triple.cfg
  [ -x "$xx_bin/$xx_triple-clang" ] && [ -f "$xx_mark" ] && [ -r "$xx_mark" ] || return 1
  IFS= read -r xx_line <"$xx_mark" || :
  case $xx_line in
    --target=*) ;;
    *) return 1 ;;
  esac
}

# A directory of the user, in xx_bin: in the cache, or else below /tmp. Programs in it are run, so a
# cache that belongs to somebody else, or that others can write to, is not used.
xx_own_folder() {
  xx_home=${HOME-} xx_bin=${XDG_CACHE_HOME-}
  case $xx_bin in
    /*) xx_home=$xx_bin ;;
    *) xx_bin=$xx_home/.cache ;;
  esac
  xx_user=$(id -u)
  xx_parent=$xx_bin
  while [ -n "$xx_parent" ] && [ ! -e "$xx_parent" ]; do xx_parent=${xx_parent%/*}; done
  # find always prints /. If it prints nothing else, it has run and has found no directory that
  # others can write to.
  set -- "$xx_home" "$xx_parent" "$xx_bin" "$xx_bin/xxpy" "$xx_bin/xxpy/bin"
  if [ -w "${xx_parent:-/}" ] && [ "$(find / "$@" -prune \
    '(' -path / -o -perm -002 -o ! -user "$xx_user" ! -user 0 ')' 2>/dev/null)" = / ]; then
    xx_bin=$xx_bin/xxpy/bin
    return
  fi
  xx_bin=${TMPDIR:-/tmp}/xxpy-$xx_user
  set -- -prune -type d -user "$xx_user" ! -perm -020 ! -perm -002
  mkdir -m 700 "$xx_bin" 2>/dev/null || [ -n "$(find "$xx_bin" "$@")" ] ||
    xx_fail "$xx_bin belongs to somebody else" 'hint: set HOME to a folder that can be written'
  xx_bin=$xx_bin/bin
}

# Puts the set-up on PATH, for what is started from here.
xx_use() {
  case :$PATH: in
    *":$xx_bin:"*) ;;
    *) export PATH="$xx_bin:$PATH" ;;
  esac
}

# The triple in clang's spelling, in xx_clang_triple.
xx_clang_triple() {
  xx_clang_triple=$xx_triple
  case $xx_triple in
    # table: respelled
    riscv64gc-*) xx_clang_triple=riscv64-${xx_triple#*-} ;;
      # end
  esac
}
