# Reads an ELF file. A number of several bytes is written as the parameters of its bytes side by
# side, the highest first.
xx_elf() {
  # shellcheck disable=SC2086 # words of two digits
  set -- $xx_head
  xx_layout=${5-}${6-}${7-}
  case $xx_layout in
    # table: headers
    010201)
      if [ "$#" -lt 52 ]; then xx_bad truncated; fi
      xx_file_bits=32 xx_order=big
      xx_least_segment=32 xx_least_section=40
      xx_type=$((0x${17}${18}))
      xx_file_machine=$((0x${19}${20}))
      xx_phoff=$((0x${29}${30}${31}${32}))
      xx_shoff=$((0x${33}${34}${35}${36}))
      xx_file_flags=$((0x${37}${38}${39}${40}))
      xx_phentsize=$((0x${43}${44}))
      xx_phnum=$((0x${45}${46}))
      xx_shentsize=$((0x${47}${48}))
      xx_shnum=$((0x${49}${50}))
      ;;
    # end
    *) xx_bad 'corrupt ELF header' ;;
  esac
  xx_file_osabi=$((0x$8))
  case $xx_type in
    1 | 2 | 3 | 4) ;;
    *) if [ "$xx_type" -lt 65024 ]; then xx_bad 'corrupt ELF header'; fi ;;
  esac

  xx_dynamic='' xx_interpreter='' xx_notes='' xx_noted='' xx_file_level=''
  if [ "$xx_phnum" -gt 0 ]; then
    xx_size=$((xx_phnum * xx_phentsize))
    if [ "$xx_phentsize" -lt "$xx_least_segment" ] || [ "$xx_size" -gt 65536 ]; then
      xx_bad 'corrupt ELF header'
    fi
    xx_locate "$xx_phoff" "$xx_size" 65536
    # shellcheck disable=SC2086 # words of two digits
    case $xx_where in
      start) shift "$xx_phoff" ;;
      further) set -- $xx_bytes ;;
      *) xx_bad truncated ;;
    esac
    xx_headers=$xx_where
    while [ "$xx_phnum" -gt 0 ]; do
      case $xx_layout in
        # table: segments
        010201)
          case $1$2$3$4 in
            00000002) xx_dynamic=${xx_dynamic:-$((0x$5$6$7$8)) $((0x${17}${18}${19}${20}))} ;;
            00000003)
              xx_interpreter=${xx_interpreter:-$((0x$5$6$7$8)) $((0x${17}${18}${19}${20}))}
              ;;
            00000004) xx_notes="$xx_notes $((0x$5$6$7$8)) $((0x${17}${18}${19}${20}))" ;;
          esac
          ;;
          # end
      esac
      xx_phnum=$((xx_phnum - 1))
      shift "$xx_phentsize"
    done
  else
    xx_headers=start
  fi

  xx_attributes='' xx_registers=''
  if [ "$xx_shoff" != 0 ] && [ "$xx_shnum" -gt 0 ]; then
    xx_size=$((xx_shnum * xx_shentsize))
    if [ "$xx_shentsize" -lt "$xx_least_section" ] || [ "$xx_size" -gt 4194304 ]; then
      xx_bad 'corrupt ELF header'
    fi
    if [ "$xx_shoff" -lt 0 ] || [ "$xx_shoff" -gt $((1 << 60)) ]; then xx_bad truncated; fi
    if [ "$xx_file_machine" = "$xx_arm" ]; then
      xx_arm_sections
    else
      xx_reaches $((xx_shoff + xx_size))
    fi
  fi

  # Notes name the system and the x86-64 level. Their offsets mostly rise, so that the parameters
  # rarely have to be set again.
  xx_notes=${xx_notes# }
  while [ -n "$xx_notes" ]; do
    xx_start=${xx_notes%% *} xx_notes=${xx_notes#* }
    xx_left=${xx_notes%% *}
    case $xx_notes in
      *' '*) xx_notes=${xx_notes#* } ;;
      *) xx_notes='' ;;
    esac
    xx_locate "$xx_start" "$xx_left" 65536
    # shellcheck disable=SC2086 # words of two digits
    case $xx_where in
      start)
        if [ "$xx_headers" != start ] || [ $((xx_have - $#)) -gt "$xx_start" ]; then
          set -- $xx_head
        fi
        shift $((xx_start - xx_have + $#))
        ;;
      further) set -- $xx_bytes ;;
      *) continue ;;
    esac
    xx_headers=$xx_where
    while [ "$xx_left" -ge 12 ]; do
      if [ "$xx_order" = little ]; then
        xx_name_size=$((0x$4$3$2$1)) xx_size=$((0x$8$7$6$5)) xx_kind=${12}${11}${10}$9
      else
        xx_name_size=$((0x$1$2$3$4)) xx_size=$((0x$5$6$7$8)) xx_kind=$9${10}${11}${12}
      fi
      xx_pad=$((-xx_name_size & 3))
      if [ $((12 + xx_name_size + xx_pad + xx_size)) -gt "$xx_left" ]; then break; fi
      xx_left=$((xx_left - 12 - xx_name_size - xx_pad))
      shift 12
      xx_owner=''
      while [ "$xx_name_size" -gt 0 ]; do
        xx_owner="$xx_owner $1" xx_name_size=$((xx_name_size - 1))
        shift
      done
      while [ "${xx_owner% 00}" != "$xx_owner" ]; do xx_owner=${xx_owner% 00}; done
      shift "$xx_pad"
      xx_align=4 xx_rest=$xx_size xx_step=0
      case $xx_owner in
        # table: notes
        ' 4e 65 74 42 53 44') xx_noted="$xx_noted NetBSD" ;;
        # end
        # "GNU"
        ' 47 4e 55')
          if [ "$xx_kind" = 00000005 ]; then
            if [ "$xx_file_bits" = 64 ]; then xx_align=8; fi
            # GNU properties: GNU_PROPERTY_X86_ISA_1_NEEDED has one bit per level.
            while [ "$xx_rest" -ge 8 ]; do
              if [ "$xx_order" = little ]; then
                xx_key=$4$3$2$1 xx_length=$((0x$8$7$6$5))
              else
                xx_key=$1$2$3$4 xx_length=$((0x$5$6$7$8))
              fi
              if [ "$xx_key:$xx_length" = c0008002:4 ] && [ "$xx_rest" -ge 12 ]; then
                if [ "$xx_order" = little ]; then
                  xx_value=$((0x${12}${11}${10}$9))
                else
                  xx_value=$((0x$9${10}${11}${12}))
                fi
                xx_file_level=0
                while [ "$xx_value" -gt 0 ]; do
                  xx_file_level=$((xx_file_level + 1)) xx_value=$((xx_value >> 1))
                done
                break
              fi
              xx_step=$((8 + (xx_length + xx_align - 1 & -xx_align)))
              if [ "$xx_step" -ge "$xx_rest" ]; then break; fi
              shift "$xx_step"
              xx_rest=$((xx_rest - xx_step))
            done
          fi
          ;;
      esac
      xx_pad=$((-xx_size & xx_align - 1))
      if [ $((xx_size + xx_pad)) -ge "$xx_left" ]; then break; fi
      shift $((xx_rest + xx_pad))
      xx_left=$((xx_left - xx_size - xx_pad))
    done
  done
  xx_judge_elf
}
