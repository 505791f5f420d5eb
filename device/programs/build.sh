#!/bin/sh
# Builds a program: NAME/NAME.c and NAME/manifest.json give NAME/NAME.wasm. LLVM 14 gives the committed bytes of the samples; another
# release may give others that mean the same. A folder that `depin program new` made has a copy of this file and is its own NAME.
#
#   build.sh NAME [OUTPUT.wasm]      builds
#   build.sh --run NAME [OPTION...]  builds, checks, and runs one task; the options are those of `depin program run`
#
# In a folder of one's own, NAME is left out. $DEPIN is the depin command, where it is not on the PATH.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

fail() {
    echo "build.sh: $1" >&2
    exit 2
}

run=
if [ "${1:-}" = --run ]; then
    run=1
    shift
fi
if [ -f "$here/manifest.json" ]; then
    folder=$here
    name=$(basename "$here")
else
    name=${1:?"usage: build.sh [--run] NAME"}
    folder=$here/$name
    shift
fi
[ -f "$folder/$name.c" ] || fail "there is no $folder/$name.c"
output=$folder/$name.wasm
if [ -z "$run" ] && [ $# -gt 0 ]; then
    case $1 in
        /*) output=$1 ;;
        *) output=$PWD/$1 ;;
    esac
fi

packages="on Debian, Ubuntu and Raspberry Pi OS: sudo apt install clang lld"
command -v clang >/dev/null || fail "clang is missing; $packages"
command -v wasm-ld >/dev/null || fail "wasm-ld is missing; $packages"

objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
target="--target=wasm32"
# Paths are relative, so that no machine's own stand in what is built.
cd "$here"
source=$name/
[ "$folder" != "$here" ] || source=
# -O2 with what every engine of ours has beyond WebAssembly 1.0. The stack lies first, so that data ends where memory_bytes can.
clang $target -O2 -std=c11 -Wall -Wextra -Werror -ffreestanding -msign-ext -mbulk-memory -mmutable-globals -I. \
  -c "$source$name.c" -o "$objects/program.o"
clang $target -Wa,-I"./$source" -c manifest.S -o "$objects/manifest.o"
# A clang driver would run a wasm-opt it finds on PATH; the linker alone does not.
wasm-ld --no-entry --stack-first -z stack-size=1024 --strip-all --export=__heap_base \
  "$objects/program.o" "$objects/manifest.o" -o "$objects/program.wasm"
cat "$objects/program.wasm" > "$output"
[ -n "$run" ] || exit 0

# Its name is another than the command's: `command -v` finds functions too.
run_depin() {
    if [ -n "${DEPIN:-}" ]; then
        $DEPIN "$@"
    elif command -v depin >/dev/null; then
        depin "$@"
    elif [ -d "$here/../../gateway/DePinEdge.Gateway.Host" ]; then
        dotnet run --project "$here/../../gateway/DePinEdge.Gateway.Host" -- "$@"
    else
        fail "depin is not on the PATH; name it: DEPIN=/path/to/depin"
    fi
}
run_depin program check "$output"
run_depin program run "$output" "$@"
