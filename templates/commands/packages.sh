# What the commands for packages share.

# Shows a command on stderr before it runs.
xx_show() {
  {
    printf '+'
    printf ' %s' "$@"
    echo
  } >&2
}

# Skips the installation of packages, which is no error; $1 may say why.
xx_skip() {
  printf 'skipping packages installation on %s%s\n' "$xx_platform" "$1" >&2
  exit
}
