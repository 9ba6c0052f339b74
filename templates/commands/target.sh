# The target: the strongest that the environment gives, and that one alone. That is TARGETPLATFORM
# (linux/arm/v7), TARGETPAIR (linux-armv7), TARGETOS with TARGETARCH and TARGETVARIANT, or else this
# machine.

xx_fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# This machine, as the first uname on PATH names it; asked once.
xx_machine_arch=''
xx_machine() {
  [ -z "$xx_machine_arch" ] || return 0
  xx_machine_variant=''
  case $(uname -m) in
    # table: machines
    x86_64 | amd64) xx_machine_arch=amd64 ;;
    # end
    *) xx_machine_arch=unknown ;;
  esac
}

# The canonical spelling of xx_os, xx_arch and xx_variant; fails for a variant that the architecture
# does not have.
xx_canonical() {
  case $xx_os in
    # table: system-aliases
    macos) xx_os=darwin ;;
      # end
  esac
  case $xx_arch in
    # table: architecture-aliases
    x86_64 | x86-64) xx_arch=amd64 ;;
      # end
  esac
  case $xx_arch/$xx_variant in
    # table: variants
    arm/ | arm/v7) xx_variant=v7 ;;
    # end
    */) ;;
    *) return 1 ;;
  esac
}

# A system alone: its form of this machine's architecture.
xx_system_alone() {
  xx_machine
  xx_os=$xx_arch xx_arch=$xx_machine_arch xx_variant=$xx_machine_variant
}

# Sets xx_os, xx_arch, xx_variant and, if they go together, xx_platform.
xx_target() {
  xx_os='' xx_arch='' xx_variant=''
  if [ -n "${TARGETPLATFORM-}" ]; then
    # The version and features of a system, windows(10.0.17763+win32k), change no name.
    case $TARGETPLATFORM in
      *[!A-Za-z0-9_./%+\(\)-]*) xx_arch=/ ;;
      *\(*\)/*) xx_arch=${TARGETPLATFORM%%\(*}/${TARGETPLATFORM#*\)/} ;;
      *) xx_arch=$TARGETPLATFORM ;;
    esac
    case $xx_arch in
      /* | */ | *//* | */*/*/* | *[!A-Za-z0-9_./-]*)
        xx_fail "malformed platform: $TARGETPLATFORM" \
          'hint: write os/architecture[/variant], such as linux/arm64'
        ;;
      */*)
        xx_os=${xx_arch%%/*} xx_arch=${xx_arch#*/}
        case $xx_arch in
          */*) xx_variant=${xx_arch#*/} xx_arch=${xx_arch%/*} ;;
        esac
        ;;
      # table: systems
      linux) xx_system_alone ;;
      # end
      *) xx_os=linux ;;
    esac
  elif [ -n "${TARGETPAIR-}" ]; then
    case $TARGETPAIR in
      *[!A-Za-z0-9_.-]* | -* | *- | *-*-*)
        xx_fail "malformed pair: $TARGETPAIR" 'hint: write os-architecture, such as linux-armv7'
        ;;
      *-*) xx_os=${TARGETPAIR%-*} xx_arch=${TARGETPAIR#*-} ;;
      *) xx_fail "malformed pair: $TARGETPAIR" 'hint: write os-architecture, such as linux-armv7' ;;
    esac
    case $xx_arch in
      # table: pairs
      armv7) xx_arch=arm xx_variant=v7 ;;
        # end
    esac
  elif [ -n "${TARGETARCH-}" ]; then
    xx_os=${TARGETOS:-linux} xx_arch=$TARGETARCH xx_variant=${TARGETVARIANT-}
    xx_canonical || xx_variant=''
  else
    xx_machine
    xx_os=${TARGETOS:-linux} xx_arch=$xx_machine_arch
    xx_variant=${TARGETVARIANT:-$xx_machine_variant}
    xx_canonical || xx_variant=$xx_machine_variant
  fi
  if xx_canonical; then
    xx_platform=$xx_os/$xx_arch${xx_variant:+/$xx_variant}
  else
    xx_platform=''
  fi
}

# A target that no row of the table has.
xx_unsupported() {
  printf 'unsupported target: os=%s arch=%s variant=%s\n' "$xx_os" "$xx_arch" "$xx_variant" >&2
  xx_known=''
  case $xx_arch in
    # table: known-variants
    arm) xx_known='v5, v6, v7, v8' ;;
      # end
  esac
  if [ -n "$xx_known" ]; then
    xx_fail "hint: the variants of $xx_arch are $xx_known"
  fi
  xx_fail 'hint: xx-info --help lists what there is'
}
