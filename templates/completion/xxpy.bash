# Completion of xxpy for bash. Install: xxpy completion bash > ~/.local/share/bash-completion/completions/xxpy

_xxpy_completion() {
  local line=${COMP_LINE:0:COMP_POINT} current=${COMP_WORDS[COMP_CWORD]} kind='' word='' before
  # What is before the part of the word that bash completes, which starts again at = and :
  before=${line##*[[:space:]]}
  before=${before%"$current"}
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    if [[ -z $kind ]]; then
      kind=$word
    else
      printf -v word '%q' "${word#"$before"}"
      COMPREPLY+=("${word//\\,/,}")
    fi
  done < <(_XXPY_COMPLETE=bash _XXPY_LINE=$line "$1" 2>/dev/null)
  case $kind in
    files) compopt -o default ;;
    folders) compopt -o dirnames ;;
  esac
}

complete -F _xxpy_completion xxpy
