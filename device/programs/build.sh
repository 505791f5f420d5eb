#!/bin/sh
# Builds the sample programs: NAME/NAME.c and NAME/manifest.json give NAME/NAME.wasm. Needs clang and wasm-ld (LLVM 14 gives
# the committed bytes; another release may give others that mean the same). Usage: build.sh NAME [OUTPUT.wasm]
set -eu
cd "$(dirname "$0")"
name=${1:?usage: build.sh NAME [OUTPUT.wasm]}
output=${2:-$name/$name.wasm}
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
target="--target=wasm32"
# -O2 with what every engine of ours has beyond WebAssembly 1.0. The stack lies first, so that data ends where memory_bytes can.
clang $target -O2 -std=c11 -Wall -Wextra -Werror -ffreestanding -msign-ext -mbulk-memory -mmutable-globals -I. \
  -c "$name/$name.c" -o "$objects/program.o"
clang $target -Wa,-I"$name" -c manifest.S -o "$objects/manifest.o"
# A clang driver would run a wasm-opt it finds on PATH; the linker alone does not.
wasm-ld --no-entry --stack-first -z stack-size=1024 --strip-all --export=__heap_base \
  "$objects/program.o" "$objects/manifest.o" -o "$output"
