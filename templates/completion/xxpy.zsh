#compdef xxpy
# Completion of xxpy for zsh. Install: xxpy completion zsh > "${fpath[1]}/_xxpy"

_xxpy_completion() {
  local line kind='' word
  local -a found
  for line in "${(@f)$(_XXPY_COMPLETE=zsh _XXPY_LINE="${(j: :)words[1,CURRENT]}" $words[1] 2>/dev/null)}"; do
    if [[ -z $kind ]]; then
      kind=$line
    else
      word=${line%%$'\t'*}
      found+=("${word//:/\\:}:${line#*$'\t'}")
    fi
  done
  [[ -z $found ]] || _describe -V xxpy found
  if [[ $kind == (files|folders) ]]; then
    [[ $PREFIX != --*=* ]] || compset -P '*='
    if [[ $kind == folders ]]; then _path_files -/; else _path_files; fi
  fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _xxpy_completion "$@"
else
  compdef _xxpy_completion xxpy
fi
