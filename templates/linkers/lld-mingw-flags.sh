# An option without a value.
flag() {
  case $name in
    shared | dll) dll=-dll ;;
    Bdynamic | dy | call_shared) linked=dynamic ;;
    Bstatic | static | dn | non_shared) linked=static ;;
    whole-archive) whole=-whole ;;
    no-whole-archive) whole='' ;;
    push-state) states="$linked$whole $states" ;;
    pop-state)
      [ -n "$states" ] || refuse "unbalanced --push-state/--pop-state"
      linked=${states%% *} states=${states#* } whole=''
      case $linked in *-whole) linked=${linked%-whole} whole=-whole ;; esac
      ;;
    strip-all) strip=all ;;
    strip-debug) symbols=symtab ;;
    export-all-symbols) exports=-export-all-symbols ;;
    exclude-all-symbols) excluded=-exclude-all-symbols ;;
    kill-at) kill=-kill-at ;;
    gc-sections) gc=-opt:ref ;;
    no-gc-sections) gc=-opt:noref ;;
    build-id) id=-build-id ;;
    insert-timestamp) time='' ;;
    no-insert-timestamp) time=-timestamp:0 ;;
    demangle) demangle=-demangle ;;
    no-demangle) demangle=-demangle:no ;;
    enable-auto-import) import=-auto-import ;;
    disable-auto-import) import=-auto-import:no ;;
    enable-runtime-pseudo-reloc) pseudo=-runtime-pseudo-reloc ;;
    disable-runtime-pseudo-reloc) pseudo=-runtime-pseudo-reloc:no ;;
    enable-stdcall-fixup) add -stdcall-fixup ;;
    disable-stdcall-fixup) add -stdcall-fixup:no ;;
    allow-multiple-definition) multiple=-force:multiple ;;
    no-allow-multiple-definition) multiple='' ;;
    nxcompat) add -nxcompat ;;
    disable-nxcompat) add -nxcompat:no ;;
    dynamicbase) add -dynamicbase ;;
    disable-dynamicbase | no-dynamicbase) add -dynamicbase:no ;;
    high-entropy-va) add -highentropyva ;;
    disable-high-entropy-va) add -highentropyva:no ;;
    tsaware) add -tsaware ;;
    disable-tsaware) add -tsaware:no ;;
    large-address-aware) add -largeaddressaware ;;
    disable-large-address-aware) add -largeaddressaware:no ;;
    no-seh) noseh=-noseh ;;
    disable-no-seh) noseh='' ;;
    disable-reloc-section) fixed=-fixed ;;
    enable-reloc-section) fixed='' ;;
    appcontainer) container=-appcontainer ;;
    guard-cf) guard=-guard:cf ;;
    no-guard-cf) guard='' ;;
    guard-longjmp) jumps=,longjmp ;;
    no-guard-longjmp) jumps=,nolongjmp ;;
    functionpadmin) add -functionpadmin ;;
    fatal-warnings) warnings=-WX ;;
    no-fatal-warnings) warnings=-WX:no ;;
    fat-lto-objects) fat=-fat-lto-objects ;;
    no-fat-lto-objects) fat=-fat-lto-objects:no ;;
    lto-O?*) add "-opt:lldlto=${name#lto-O}" ;;
    lto-CGO?*) add "-opt:lldltocgo=${name#lto-CGO}" ;;
    lto-emit-asm) add -lldemit:asm ;;
    lto-cs-profile-generate) add -lto-cs-profile-generate ;;
    color-diagnostics | no-color-diagnostics) add "--$name" ;;
    verbose) verbose=-verbose ;;
    version) version=only ;;
    O* | as-needed | no-as-needed | start-group | end-group | no-undefined | pic-executable) ;;
    Bsymbolic | Bsymbolic-functions | Bno-symbolic | sort-common | relax | no-relax) ;;
    allow-shlib-undefined | no-allow-shlib-undefined | add-needed | no-add-needed) ;;
    copy-dt-needed-entries | no-copy-dt-needed-entries | no-keep-memory) ;;
    full-shutdown | enable-auto-image-base | disable-auto-image-base) ;;
    '###') shown=yes ;;
    help)
      usage
      exit 0
      ;;
    *) return 1 ;;
  esac
}
