# The target platform. The first of these that is set decides alone: TARGETPLATFORM (linux/arm/v7),
# TARGETPAIR (linux-armv7), TARGETOS with TARGETARCH and TARGETVARIANT. If none is set, the target
# is this machine.

xx_fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Sets xx_machine_arch and xx_machine_variant to those of this machine, as the first uname on PATH
# names them; asks once.
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

# Puts xx_os, xx_arch and xx_variant into canonical spelling; fails if the architecture does not
# have the variant.
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

# TARGETPLATFORM names a system alone, in xx_arch: the architecture is that of this machine.
xx_system_alone() {
  xx_machine
  xx_os=$xx_arch xx_arch=$xx_machine_arch xx_variant=$xx_machine_variant
}

# Sets xx_os, xx_arch and xx_variant, and xx_platform if the three are valid together.
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

# Fails because the table does not have the target.
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
