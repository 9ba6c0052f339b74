# The options of GNU windres, short ones with their value glued or behind, long ones with = or
# behind; others are input and output.
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
      # Meson looks for these words in what the resource compiler of a target says.
      case $xx_target${0##*/} in
        xx-windres) ;;
        *) echo 'takes the options of GNU windres' ;;
      esac
      exit
      ;;
    -h | --help)
      printf '%s\n' \
        'usage: xx-windres [OPTIONS] [INPUT] [OUTPUT]' '' \
        'Compiles Windows resources like GNU windres, by llvm-rc and llvm-cvtres.' '' \
        '  -i --input=FILE             input; without one, stdin' \
        '  -o --output=FILE            output; without one, stdout' \
        '  -J --input-format=FORMAT    rc or res' \
        '  -O --output-format=FORMAT   res or coff' \
        '  -F --target=TARGET          machine, such as pe-x86-64 or a triple;' \
        '                              without one, that of the environment' \
        '  -I --include-dir=FOLDER     folder for #include' \
        '  -D --define=NAME[=VALUE]    macro' \
        '  -U --undefine=NAME          no such macro' \
        '  -c --codepage=NUMBER        code page of the input' \
        '  -l --language=NUMBER        language of the resources' \
        '     --preprocessor=PROGRAM   instead of CC, clang or gcc' \
        '     --preprocessor-arg=WORD  one more word for the preprocessor' \
        '  -r -v --use-temp-file --no-use-temp-file   do nothing' \
        '  -V --version, -h --help'
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
  # What the preprocessor gets goes to the end of the arguments, in the order given.
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
    -D | --define) set -- "$@" -D "$xx_value" ;;
    -U | --undefine) set -- "$@" -U "$xx_value" ;;
  esac
done
