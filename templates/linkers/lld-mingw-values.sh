# The options that have a value.

# An option with a value: $name and $value.
valued() {
  case $name in
    o) out="-out:$value" ;;
    e | entry)
      # C's own underscore is not part of the name that lld wants.
      entry="-entry:${value#"$underscore"}"
      ;;
    u | undefined) add_last "-includeoptional:$value" ;;
    undefined-glob) add_last "-includeglob:$value" ;;
    require-defined) add_last "-include:$value" ;;
    L | library-path) folders="$folders$s-libpath:$value" ;;
    l | library) put "$linked$whole:$value" ;;
    m)
      [ "$value" = "$emulation" ] ||
        refuse "unsupported emulation -m $value: this linker is for $emulation"
      ;;
    Map) map="-lldmap:$value" ;;
    out-implib) implib="-implib:$value" ;;
    output-def) exported="-output-def:$value" ;;
    exclude-symbols) add_last "-exclude-symbols:$value" ;;
    delayload) add_last "-delayload:$value" ;;
    wrap) add_last "-wrap:$value" ;;
    Xlink)
      [ -n "$value" ] || refuse "--$name: missing argument"
      add_last "$value"
      ;;
    mllvm) add_last "-mllvm:$value" ;;
    dll-search-prefix)
      case $value in *[!0-9A-Za-z_.+-]*) refuse "unknown parameter: --$name=$value" ;; esac
      prefix=$value
      ;;
    pdb)
      pdb="-debug$s-pdbaltpath:%_PDB%${value:+$s-pdb:$value}"
      ;;
    subsystem | major-os-version | minor-os-version) versioned ;;
    major-subsystem-version | minor-subsystem-version) versioned ;;
    stack) add "-stack:$value" ;;
    heap) add "-heap:$value" ;;
    image-base) add "-base:$value" ;;
    file-alignment) add "-filealign:$value" ;;
    section-alignment) add "-align:$value" ;;
    reproduce) add "-reproduce:$value" ;;
    dependent-load-flag) add "-dependentloadflag:$value" ;;
    h | soname | rpath | rpath-link) warn "parameter --$name has no effect on PE/COFF targets" ;;
    icf)
      case $value in
        all) icf=-opt:icf ;;
        safe) icf=-opt:safeicf ;;
        none) icf=-opt:noicf ;;
        *) refuse "unknown parameter: --icf=$value" ;;
      esac
      ;;
    error-limit) add "-errorlimit:$value" ;;
    threads) add "-threads:$value" ;;
    sysroot | plugin | major-image-version | minor-image-version) ;;
    *) return 1 ;;
  esac
}

# The subsystem and the versions: names and numbers only.
versioned() {
  case $value in '' | *[!0-9A-Za-z_.:]*) refuse "unknown parameter: --$name=$value" ;; esac
  case $name in
    major-os-version) os_major=$value ;;
    minor-os-version) os_minor=$value ;;
    major-subsystem-version) system_major=$value ;;
    minor-subsystem-version) system_minor=$value ;;
    *)
      system=$value
      case $value in *:*) system=${value%%:*},${value#*:} ;; esac
      ;;
  esac
}

# An option whose value follows "=" in the same word.
joined() {
  case $name in
    build-id)
      case $value in
        none) id=-build-id:no ;;
        *)
          warn "unsupported build id hashing: $value, using default hashing."
          id=-build-id
          ;;
      esac
      ;;
    functionpadmin) add "-functionpadmin:$value" ;;
    lto-O) add "-opt:lldlto=$value" ;;
    lto-cs-profile-file) add "-lto-cs-profile-file:$value" ;;
    lto-sample-profile) add "-lto-sample-profile:$value" ;;
    thinlto-cache-dir) add "-lldltocache:$value" ;;
    thinlto-cache-policy) add "-lldltocachepolicy:$value" ;;
    thinlto-jobs) add "-opt:lldltojobs=$value" ;;
    plugin-opt)
      case $value in
        -*) add_last "-mllvm:$value" ;;
        O?*) add "-opt:lldlto=${value#O}" ;;
        jobs=*) add "-opt:lldltojobs=${value#jobs=}" ;;
        mcpu=*) add_last "-mllvm:-$value" ;;
        dwo_dir=*) add "-dwodir:${value#dwo_dir=}" ;;
        cs-profile-path=*) add "-lto-cs-profile-file:${value#*=}" ;;
        cs-profile-generate) add -lto-cs-profile-generate ;;
        emit-asm) add -lldemit:asm ;;
        thinlto) ;;
        *) refuse "unknown argument: --plugin-opt=$value" ;;
      esac
      ;;
    *) valued ;;
  esac
}

# The values in words of their own, which are the next ones.
separate() {
  case $name in
    entry | undefined | undefined-glob | require-defined | library | library-path | Map) ;;
    out-implib | output-def | exclude-symbols | delayload | wrap | Xlink | mllvm) ;;
    dll-search-prefix | pdb | subsystem | major-os-version | minor-os-version) ;;
    major-subsystem-version | minor-subsystem-version | stack | heap | image-base) ;;
    file-alignment | section-alignment | reproduce | dependent-load-flag | icf) ;;
    soname | rpath | rpath-link) ;;
    error-limit | threads | sysroot | plugin | major-image-version | minor-image-version) ;;
    *) return 1 ;;
  esac
  take=$name
}
