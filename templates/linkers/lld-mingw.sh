#!/bin/sh
# GNU ld's options for Windows become those of lld's linker for Windows, as in LLVM's own MinGW
# driver: `ld.lld -m EMULATION --help` lists the options, and `-###` prints what becomes of them,
# here as there. Three things differ: a program is the same bytes each time unless
# --insert-timestamp is given, it has an id only if --build-id is, and options that mean something
# for ELF only, such as -soname, are ignored as GNU ld does. An unknown option is an error.
set -euf

# table: facts
zig=zig emulation=i386pep machine=x64 underscore=''
# end

. ./list.sh

refuse() {
  printf 'lld: error: %s\n' "$1" >&2
  exit 1
}

warn() {
  printf 'lld: warning: %s\n' "$1" >&2
}

usage() {
  cat <<TEXT
USAGE: ld [options] file...

OPTIONS, as in LLVM's MinGW driver:
  --allow-multiple-definition --appcontainer -Bdynamic -Bstatic --build-id[=ID] --delayload=DLL
  --dependent-load-flag=FLAG --disable-auto-import --disable-dynamicbase --disable-high-entropy-va
  --disable-nxcompat --disable-reloc-section --disable-runtime-pseudo-reloc
  --disable-stdcall-fixup --disable-tsaware --dll-search-prefix=PREFIX -e NAME
  --enable-auto-import --enable-runtime-pseudo-reloc --enable-stdcall-fixup --error-limit=N
  --exclude-all-symbols --exclude-symbols=NAME,... --export-all-symbols --fatal-warnings
  --fat-lto-objects --file-alignment=N --functionpadmin[=N] --gc-sections --guard-cf
  --guard-longjmp --heap=N --icf=all|safe|none --image-base=N --insert-timestamp --kill-at
  -L DIRECTORY -l NAME --large-address-aware --lto-O=N --major-os-version=N
  --major-subsystem-version=N --Map=FILE --minor-os-version=N --minor-subsystem-version=N
  -mllvm OPTION --no-demangle --no-insert-timestamp --no-seh -o FILE --out-implib=FILE
  --output-def=FILE --pdb=[FILE] --plugin-opt=OPTION --pop-state --push-state --reproduce=FILE
  --require-defined=NAME -S -s --section-alignment=N --shared --stack=N --subsystem=NAME[:VERSION]
  --thinlto-cache-dir=DIRECTORY --thinlto-jobs=N --threads=N --undefined=NAME
  --undefined-glob=PATTERN --verbose --version --whole-archive --wrap=NAME --Xlink=OPTION -###
  @FILE

supported targets: $emulation
TEXT
}

# What the options came to: words of lld's linker, parts of them, or lists.
take='' depth=0 found='' value=''
folders='' linked=dynamic whole='' states='' prefix=lib
out='' dll='' map='' implib='' exported='' entry='' pdb='' id=-build-id:no time=-Brepro
system='' os_major='' os_minor='' system_major='' system_minor=''
gc=-opt:noref icf=-opt:noicf demangle=-demangle import=-auto-import pseudo=-runtime-pseudo-reloc
fat=-fat-lto-objects:no warnings=-WX:no strip='' symbols='' guard='' jumps=,longjmp
options='' more='' shown='' version='' noseh='' multiple='' kill='' fixed='' verbose=''
container='' excluded='' exports=''

add() {
  options=$options$s$1
}

# What may take back what stands before it.
add_last() {
  more=$more$s$1
}

. ./lld-mingw-values.sh

. ./lld-mingw-flags.sh

. ./lld-mingw-words.sh

# The file of the library $value in $folder, in $found.
file() {
  found=$folder/$1$value$2
  [ -e "$found" ]
}

# The file that -l means; -l:NAME names the file itself.
library() {
  case $kind:$value in
    *:) return 1 ;;
    *::*)
      found=$folder/${value#:}
      [ -e "$found" ]
      ;;
    dynamic:*)
      file lib .dll.a || file '' .dll.a || file lib .a || file '' .lib || file "$prefix" .dll ||
        file '' .dll
      ;;
    *) file lib .a || file '' .lib ;;
  esac
}

# Looks for the library in all folders.
search() {
  for folder in ${folders#"$s"}; do
    folder=${folder#-libpath:}
    if library; then return; fi
  done
  return 1
}

# Windows finds WS2_32 and ws2_32 alike; the files have lower-case names.
search_lower() {
  named=$value
  value=$(printf '%s' "$value" | LC_ALL=C tr '[:upper:]' '[:lower:]')
  if search; then return; fi
  value=$named
  return 1
}

for word; do
  parse "$word"
done
join
[ -z "$take" ] || refuse "-$take: missing argument"
case $version:$list in
  only:* | too:) exec "$zig" ld.lld --version ;;
  too:*) "$zig" ld.lld --version ;;
esac
[ -n "$list" ] || refuse 'no input files'

if [ -z "$out" ] && [ -n "$dll" ]; then out=-out:a.dll; fi
versions=''
if [ -n "$os_major$os_minor$system_major$system_minor" ]; then
  versions=-osversion:${os_major:-6}.${os_minor:-0}$s
  versions=$versions-subsystem:${system:-default},${system_major:-6}.${system_minor:-0}
elif [ -n "$system" ]; then
  versions=-subsystem:$system
fi
case $pdb:$strip:$symbols in
  :all:) debug='' ;;
  :*:symtab) debug=-debug:symtab ;;
  ::) debug=-debug:dwarf ;;
  *::) debug=$pdb ;;
  *) debug=$pdb$s-debug:nodwarf,${symbols:-nosymtab} ;;
esac
inputs=$list list=''
for input in ${inputs#"$s"}; do
  kind=${input%%:*} value=${input#*:} prefixed=''
  case $kind in
    *-whole) prefixed=-wholearchive: kind=${kind%-whole} ;;
    definition) prefixed=-def: ;;
  esac
  found=$value
  case $kind in
    dynamic | static)
      search || search_lower || refuse "unable to find library -l$value"
      ;;
  esac
  put "$prefixed$found"
done
join

# shellcheck disable=SC2086 # lists, and words that are not there where they are empty
set -- $map $implib $exported $entry $exports $excluded $container ${options#"$s"} \
  ${folders#"$s"} $versions ${debug#"$s"} ${guard:+"$guard$jumps"} "${out:--out:a.exe}" \
  $dll $id $time $warnings $verbose $gc $icf $demangle $import $pseudo $fat $kill $noseh $multiple \
  $fixed "-machine:$machine" "-alternatename:__image_base__=${underscore}__ImageBase" \
  ${more#"$s"} ${list#"$s"}
if [ -n "$shown" ]; then
  printf 'lld-link -lldmingw'
  printf ' %s' "$@"
  echo
  exit 0
fi
exec "$zig" lld-link -lldmingw -lldignoreenv "$@"
