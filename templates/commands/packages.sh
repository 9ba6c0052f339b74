# What the commands for packages share.

# Shows a command on stderr before it runs.
xx_show() {
  {
    printf '+'
    printf ' %s' "$@"
    echo
  } >&2
}

# Skip the installation of packages, which is not an error; $1 can be the reason.
xx_skip() {
  printf 'skipping packages installation on %s%s\n' "$xx_platform" "$1" >&2
  exit
}
