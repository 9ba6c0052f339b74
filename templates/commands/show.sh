# Shows a command on stderr before it runs.
xx_show() {
  {
    printf '+'
    printf ' %s' "$@"
    echo
  } >&2
}
