/* Steps of the Collatz sequence from a number n down to 1: n is halved when even, otherwise becomes 3 n + 1. One task of a range job of
   which the answer is the longest sequence. Input: n (u64), then the job's parameter steps_max (u32), little endian. Output: the steps (u32).

   To make it yours: change this comment, the input and the work below, and manifest.json, which says the same to the gateway.

   Status 1: the input is not 12 bytes. 2: n is 0 or over 2^32. 3: the sequence is longer than steps_max. */
#include "depin.h"

struct input {
    u64 n;
    u32 steps_max;
} __attribute__((packed));

DEPIN_RUN
{
    struct input in;
    if (depin_input_len() != sizeof in)
        return 1;
    depin_input_read(&in, 0, sizeof in);
    if (in.n == 0 || in.n > 1ull << 32)
        return 2;

    u32 steps = 0;
    for (u64 n = in.n; n != 1; steps++) {
        if (steps == in.steps_max)
            return 3;
        n = n & 1 ? 3 * n + 1 : n >> 1;
    }

    depin_output_write(&steps, sizeof steps);
    return 0;
}
