# The words of the command line and of response files.

# The words of a response file, in GNU's quoting; awk prints one in a line.
expand() {
  depth=$((depth + 1))
  [ "$depth" -le 20 ] || refuse "response files name each other: $1"
  lines=$(LC_ALL=C awk '
    { text = text $0 "\n" }
    END {
      size = length(text)
      for (at = 1; at <= size; at++) {
        c = substr(text, at, 1)
        if (quote == "" && index(" \t\r\n", c)) {
          if (inside) print word
          word = ""; inside = 0
          continue
        }
        inside = 1
        if (c == "\\" && at < size - 1) c = substr(text, ++at, 1)
        else if (c == quote) { quote = ""; continue }
        else if (quote == "" && (c == "\"" || c == "\047")) { quote = c; continue }
        if (c == "\n") exit 1
        word = word c
      }
      if (quote != "") exit 1
    }' <"$1") ||
    refuse "cannot read the response file $1: a quotation mark is open, or a word has a line end"
  [ -n "$lines" ] || return 0
  while IFS= read -r line; do
    parse "$line"
  done <<TEXT
$lines
TEXT
  depth=$((depth - 1))
}

# One word.
parse() {
  word=$1
  case $word in *"$s"*) refuse "a control character in a word: $word" ;; esac
  if [ -n "$take" ]; then
    name=$take take='' value=$word
    valued
    return
  fi
  case $word in
    '') refuse 'an empty word' ;;
    @?*)
      if [ -f "${word#@}" ]; then
        expand "${word#@}"
        return
      fi
      ;;
  esac
  case $word in
    -s) strip=all ;;
    -S) symbols=symtab ;;
    -v) version=too ;;
    '-(' | '-)') ;;
    --?*)
      long=${word#--}
      option || refuse "unknown argument: $word"
      ;;
    -?*)
      long=${word#-}
      case $long in lto-* | library*) long='' ;; esac
      option || letter || refuse "unknown argument: $word"
      ;;
    *.[dD][eE][fF]) put "definition:$word" ;;
    *) put "file$whole:$word" ;;
  esac
}

option() {
  case $long in
    *=*)
      name=${long%%=*} value=${long#*=}
      case $name in ?) return 1 ;; esac
      joined
      ;;
    *)
      name=$long
      flag || separate
      ;;
  esac
}

# An option of one letter, with its value in the same word or the next one.
letter() {
  value=${word#-?}
  name=${word%"$value"} name=${name#-}
  case $name in
    o | L | l | e | u | m | h) ;;
    *) return 1 ;;
  esac
  if [ -n "$value" ]; then valued; else take=$name; fi
}
