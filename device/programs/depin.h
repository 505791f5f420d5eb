/* What a DePinEdge program in C may ask of its host (ABI 1), and how it names its entry. Freestanding: no C library. */
#ifndef DEPIN_H
#define DEPIN_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int i32;
typedef long long i64;

#define DEPIN_IMPORT(name) __attribute__((import_module("depin"), import_name(#name)))

/* Put before the program's entry: DEPIN_RUN { ... return 0; }. 0 is success; any other value is reported as the status. */
#define DEPIN_RUN __attribute__((export_name("run"))) i32 depin_run(void)

/* Bytes of the task's input: the input itself, then the job's parameters. Fuel 4. */
DEPIN_IMPORT(input_len) i32 depin_input_len(void);

/* Copies up to n bytes of the input from an offset; answers how many, 0 past its end. Fuel 8 and 1 a byte copied. */
DEPIN_IMPORT(input_read) i32 depin_input_read(void *to, u32 offset, u32 n);

/* Appends n bytes to the output, at most 256 in all (4 or 8 where the manifest says u32 or i64); more is the trap HOST.
   Answers n. Fuel 8 and 1 a byte. */
DEPIN_IMPORT(output_write) i32 depin_output_write(const void *from, u32 n);

#endif
