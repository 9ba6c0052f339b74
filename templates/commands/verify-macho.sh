# Reads a Mach-O file, or a slice of one, at offset $1, with at most $2 bytes; its first bytes
# follow. Sets xx_wrong to what is wrong with its form.
xx_macho() {
  xx_base=$1 xx_limit=$2 xx_wrong=''
  shift 2
  if [ "$#" -lt 28 ]; then
    xx_wrong=truncated
    return
  fi
  case $1$2$3$4 in
    cffaedfe) xx_file_bits=64 xx_order=little ;;
    cefaedfe) xx_file_bits=32 xx_order=little ;;
    feedfacf) xx_file_bits=64 xx_order=big ;;
    feedface) xx_file_bits=32 xx_order=big ;;
    *)
      xx_wrong='a slice that is not Mach-O'
      return
      ;;
  esac
  if [ "$xx_order" = little ]; then
    xx_file_machine=$((0x$8$7$6$5)) xx_kind=${16}${15}${14}${13} xx_size=$((0x${24}${23}${22}${21}))
  else
    xx_file_machine=$((0x$5$6$7$8)) xx_kind=${13}${14}${15}${16} xx_size=$((0x${21}${22}${23}${24}))
  fi
  case $xx_kind in
    00000001 | 00000002 | 00000006 | 00000008 | 0000000a) ;;
    00000004)
      xx_wrong='a core file does not run'
      return
      ;;
    *)
      xx_wrong='corrupt Mach-O header'
      return
      ;;
  esac
  xx_end=$((24 + xx_file_bits / 8 + xx_size))
  if [ "$xx_size" -gt 65536 ]; then
    xx_wrong='corrupt Mach-O header'
  elif [ "$xx_end" -gt "$xx_limit" ]; then
    xx_wrong=truncated
  elif [ "$xx_end" -gt "$#" ]; then
    xx_read $((xx_base + xx_end - 1)) 1
    if [ -z "$xx_bytes" ]; then xx_wrong=truncated; fi
  fi
}

# Reads a fat Mach-O file, of which one slice must be for the target; $1 is the size of an entry.
xx_fat() {
  xx_entry=$1
  # shellcheck disable=SC2086 # words of two digits
  set -- $xx_head
  if [ "$#" -lt 8 ]; then xx_bad truncated; fi
  xx_slices=$((0x$5$6$7$8))
  if [ "$xx_slices" -lt 1 ] || [ "$xx_slices" -gt 32 ]; then xx_bad 'not a binary'; fi
  if [ "$#" -lt $((8 + xx_slices * xx_entry)) ]; then xx_bad truncated; fi
  shift 8
  xx_reason="no slice of it does match expected target architecture $xx_arch"
  while [ "$xx_slices" -gt 0 ]; do
    if [ $((0x$1$2$3$4)) = "$xx_machine" ]; then
      if [ "$xx_entry" = 32 ]; then
        xx_start=$((0x$9${10}${11}${12}${13}${14}${15}${16}))
        xx_size=$((0x${17}${18}${19}${20}${21}${22}${23}${24}))
      else
        xx_start=$((0x$9${10}${11}${12})) xx_size=$((0x${13}${14}${15}${16}))
      fi
      if [ "$xx_start" -ge 0 ] && [ "$xx_start" -le $((1 << 60)) ] && [ "$xx_size" -gt 0 ]; then
        if [ "$xx_size" -gt 4096 ]; then
          xx_read "$xx_start" 4096
        else
          xx_read "$xx_start" "$xx_size"
        fi
        # shellcheck disable=SC2086 # words of two digits
        xx_macho "$xx_start" "$xx_size" $xx_bytes
        if [ -n "$xx_wrong" ]; then
          xx_reason=$xx_wrong
        else
          xx_word=$xx_file_machine:$xx_file_bits:$xx_order
          if [ "$xx_word" = "$xx_machine:$xx_bits:$xx_byte_order" ]; then return; fi
        fi
      fi
    fi
    xx_slices=$((xx_slices - 1))
    shift "$xx_entry"
  done
  xx_bad "$xx_reason"
}
