# Compares what was read of an ELF file with the target.

xx_judge_elf() {
  if [ "$xx_type" != 1 ]; then
    xx_known=1
    case $xx_file_osabi in
      0 | "$xx_osabi" | "$xx_osabi_gnu") ;;
      *) xx_known='' ;;
    esac
    for xx_word in $xx_noted; do
      if [ "$xx_word" != "$xx_note" ]; then xx_known=''; fi
    done
    if [ -n "$xx_stated" ] && [ "$xx_file_osabi" != "$xx_osabi" ] && [ -z "$xx_noted" ]; then
      xx_known=''
    fi
    if [ -z "$xx_known" ]; then
      xx_wrong_system "OS of an ELF file (ABI $xx_file_osabi$xx_noted)"
    fi
  fi
  case $xx_type in
    1 | 2 | 3) ;;
    *) xx_bad 'a core file or one of an unknown kind does not run' ;;
  esac
  xx_check_machine

  if [ "$xx_file_machine" = "$xx_arm" ]; then
    xx_file_level=''
    xx_model=0
    if [ -n "$xx_attributes" ]; then xx_arm; fi
    xx_file_float=''
    # An object states its float ABI only if it uses floating point, as linkers compare it. Its
    # flags are a default of the assembler.
    if [ "$xx_type" = 1 ]; then
      if [ "$xx_model" != 0 ]; then xx_file_float=${xx_registers:-soft}; fi
    elif [ $((xx_file_flags & 0xff000000)) = $((0x05000000)) ]; then
      if [ $((xx_file_flags & 0x400)) != 0 ]; then
        xx_file_float=hard
      elif [ $((xx_file_flags & 0x200)) != 0 ]; then
        xx_file_float=soft
      fi
    fi
    if [ "$xx_type" != 1 ] && [ -z "$xx_file_float" ] && [ "$xx_registers" = hard ]; then
      xx_file_float=hard
    fi
    case $xx_float:$xx_file_float in
      hard:soft | soft:hard)
        xx_word="expected target architecture $xx_arch/$xx_variant, which has $xx_float float"
        xx_bad "$xx_file_float float does not match $xx_word"
        ;;
    esac
  fi
  if [ -n "$xx_level" ] && [ -n "$xx_file_level" ] && [ "$xx_file_level" -gt "$xx_level" ]; then
    xx_word="expected target architecture $xx_arch${xx_variant:+/$xx_variant}"
    xx_bad "needs v$xx_file_level, which does not match $xx_word"
  fi

  if [ "$xx_static" = 1 ] && [ "$xx_type" != 1 ]; then
    if [ -n "$xx_interpreter" ]; then xx_bad 'is not statically linked'; fi
    xx_needs='' xx_pie=0
    if [ -n "$xx_dynamic" ]; then xx_read_dynamic; fi
    if [ -n "$xx_needs" ]; then xx_bad 'is not statically linked'; fi
    if [ "$xx_type" = 3 ] && [ "$xx_pie" = 0 ]; then xx_bad 'is not statically linked'; fi
  fi
  if [ -n "$xx_wanted_libc" ] && [ -n "$xx_interpreter" ]; then
    if [ "$xx_wanted_libc" = musl ]; then xx_word=$xx_loader_musl; else xx_word=$xx_loader_gnu; fi
    if [ -n "$xx_word" ]; then xx_check_interpreter; fi
  fi
}

# Fails unless the interpreter is that of the requested libc, whose bytes are in xx_word.
xx_check_interpreter() {
  xx_start=${xx_interpreter% *} xx_left=${xx_interpreter#* }
  xx_locate "$xx_start" "$xx_left" 65536
  # shellcheck disable=SC2086 # words of two digits
  case $xx_where in
    start)
      set -- $xx_head
      shift "$xx_start"
      ;;
    further) set -- $xx_bytes ;;
    *) xx_bad "the interpreter is not that of $xx_wanted_libc" ;;
  esac
  xx_words=''
  while [ "$xx_left" -gt 0 ] && [ "$1" != 00 ]; do
    xx_words="$xx_words $1" xx_left=$((xx_left - 1))
    shift
  done
  if [ "$xx_words" != "$xx_word" ]; then xx_bad "the interpreter is not that of $xx_wanted_libc"; fi
}

# Whether the dynamic segment names a library (xx_needs), or says that the file is a program
# (xx_pie).
xx_read_dynamic() {
  xx_start=${xx_dynamic% *} xx_left=${xx_dynamic#* }
  xx_locate "$xx_start" "$xx_left" 65536
  # shellcheck disable=SC2086 # words of two digits
  case $xx_where in
    start)
      set -- $xx_head
      shift "$xx_start"
      ;;
    further) set -- $xx_bytes ;;
    *) return ;;
  esac
  xx_entry=$((xx_file_bits / 4))
  while [ "$xx_left" -ge "$xx_entry" ]; do
    case $xx_layout in
      # table: dynamic
      010201)
        case $1$2$3$4 in
          00000001) xx_needs=1 ;;
          6ffffffb) if [ $((0x$5$6$7$8 & 0x8000000)) != 0 ]; then xx_pie=1; fi ;;
        esac
        ;;
        # end
    esac
    shift "$xx_entry"
    xx_left=$((xx_left - xx_entry))
  done
}
