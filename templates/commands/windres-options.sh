# Takes a level of backslashes from the macro in xx_value: GNU windres passes it to a shell, so its
# callers quote the quotes of a string twice, as in -DVERSION=\\\"1.0\\\".
xx_unquote() {
  if [ -n "${XX_WINDRES_DRYRUN-}" ]; then return; fi
  xx_rest=$xx_value xx_value=''
  while [ "${xx_rest#*\\?}" != "$xx_rest" ]; do
    xx_value=$xx_value${xx_rest%%\\*}
    xx_rest=${xx_rest#*\\}
    xx_value=$xx_value${xx_rest%"${xx_rest#?}"}
    xx_rest=${xx_rest#?}
  done
  xx_value=$xx_value$xx_rest
}

# The options of GNU windres. The value of a short option follows in the same word or the next one,
# that of a long one after = or in the next word. Other words are the input and the output.
xx_input='' xx_output='' xx_input_format='' xx_output_format='' xx_target=''
xx_codepage='' xx_language='' xx_preprocessor='' xx_plain=0
xx_count=$#
while [ "$xx_count" -gt 0 ]; do
  xx_word=$1 xx_count=$((xx_count - 1)) xx_glued=1
  shift
  case $xx_word in
    --input=* | --output=* | --input-format=* | --output-format=* | --target=* | \
      --include-dir=* | --define=* | --undefine=* | \
      --codepage=* | --language=* | --preprocessor=* | --preprocessor-arg=*)
      xx_option=${xx_word%%=*} xx_value=${xx_word#*=}
      ;;
    --input | --output | --input-format | --output-format | --target | \
      --include-dir | --define | --undefine | \
      --codepage | --language | --preprocessor | --preprocessor-arg | -[ioJOFIDUcl])
      xx_option=$xx_word xx_glued=''
      ;;
    -r | -v | --verbose | --use-temp-file | --no-use-temp-file) continue ;;
    -V | --version)
      echo 'xx-windres 0.1'
      # Meson looks for these words in the version of a resource compiler.
      case $xx_target${0##*/} in
        xx-windres) ;;
        *) echo 'takes the options of GNU windres' ;;
      esac
      exit
      ;;
    -h | --help)
      printf '%s\n' \
        'usage: xx-windres [OPTIONS] [INPUT] [OUTPUT]' '' \
        'Compile Windows resources with llvm-rc and llvm-cvtres, by the options of GNU windres.' \
        '' \
        '  -i --input=FILE             read FILE instead of stdin' \
        '  -o --output=FILE            write FILE instead of stdout' \
        '  -J --input-format=FORMAT    rc or res' \
        '  -O --output-format=FORMAT   res or coff' \
        '  -F --target=TARGET          machine, such as pe-x86-64, or a triple; by default the' \
        '                              target of the environment, as xx-info triple prints it' \
        '  -I --include-dir=DIRECTORY  search DIRECTORY for #include' \
        '  -D --define=NAME[=VALUE]    define a macro' \
        '  -U --undefine=NAME          undefine a macro' \
        '  -c --codepage=NUMBER        code page of the input' \
        '  -l --language=NUMBER        language of the resources' \
        '     --preprocessor=PROGRAM   use PROGRAM instead of CC, clang or gcc' \
        '     --preprocessor-arg=WORD  pass WORD to the preprocessor' \
        '  -r -v --use-temp-file --no-use-temp-file' \
        '                              accepted and ignored' \
        '  -V --version                print the version' \
        '  -h --help                   print this help'
      exit
      ;;
    -[ioJOFIDUcl]?*)
      xx_value=${xx_word#??}
      xx_option=${xx_word%"$xx_value"}
      ;;
    -?*) xx_fail "invalid option $xx_word" ;;
    *)
      case $xx_plain in
        0) xx_option=-i ;;
        1) xx_option=-o ;;
        *) xx_fail "too many files: $xx_word" ;;
      esac
      xx_plain=$((xx_plain + 1)) xx_value=$xx_word
      ;;
  esac
  if [ -z "$xx_glued" ]; then
    [ "$xx_count" -gt 0 ] || xx_fail "option $xx_word needs a value"
    xx_value=$1 xx_count=$((xx_count - 1))
    shift
  fi
  # Words for the preprocessor go to the end of the arguments, in the order given.
  case $xx_option in
    -i | --input) xx_input=$xx_value ;;
    -o | --output) xx_output=$xx_value ;;
    -J | --input-format) xx_input_format=$xx_value ;;
    -O | --output-format) xx_output_format=$xx_value ;;
    -F | --target) xx_target=$xx_value ;;
    -c | --codepage) xx_codepage=$xx_value ;;
    -l | --language) xx_language=$xx_value ;;
    --preprocessor) xx_preprocessor=$xx_value ;;
    --preprocessor-arg) set -- "$@" "$xx_value" ;;
    -I | --include-dir) set -- "$@" "-I$xx_value" ;;
    -D | --define)
      xx_unquote
      set -- "$@" -D "$xx_value"
      ;;
    -U | --undefine) set -- "$@" -U "$xx_value" ;;
  esac
done
