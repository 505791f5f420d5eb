/* Counts the primes p with i * width <= p < min((i + 1) * width, limit): one task of a range job that counts the primes
   below limit. Input: i (u64), width (u32), limit (u64), little endian. Output: the count (u32).

   A segmented sieve over odd numbers. First the odd primes up to the root of the range's end, as one bit each; then the
   range in segments of one byte an odd number, where every base prime strikes its multiples. The base's bits and one
   segment are all the memory there is, so that limits up to 2^30 fit into 12 KB.

   Status 1: the input is not 20 bytes. 2: width is 0 or over 1,000,000. 3: limit is over 2^30. */
#include "depin.h"

#define WIDTH_MAX 1000000u
#define LIMIT_MAX (1u << 30)
#define ROOT_MAX (1u << 15) /* the root of LIMIT_MAX */
#define SEGMENT 8192u       /* odd numbers a segment */

struct input {
    u64 index;
    u32 width;
    u64 limit;
} __attribute__((packed));

static u32 composite[ROOT_MAX / 64]; /* bit k: 2k + 1 is composite */
static u8 struck[SEGMENT];           /* byte k: the segment's first number + 2k is composite */

static void sieve_base(u32 root)
{
    for (u32 p = 3; p * p <= root; p += 2) {
        if (composite[p >> 6] >> (p >> 1 & 31) & 1)
            continue;
        for (u32 k = p * p >> 1; k <= root >> 1; k += p)
            composite[k >> 5] |= 1u << (k & 31);
    }
}

/* Primes among the n odd numbers from first on (first odd and over 1); all of them are below end. */
static u32 count_segment(u32 first, u32 n, u32 end)
{
    __builtin_memset(struck, 0, SEGMENT);
    for (u32 p = 3; p * p < end; p += 2) {
        if (composite[p >> 6] >> (p >> 1 & 31) & 1)
            continue;
        u32 k;
        if (p * p >= first) {
            k = (p * p - first) >> 1;
        } else {
            /* The first odd multiple at or past first: r numbers further, an odd r means one multiple more. */
            u32 r = first % p;
            r = r ? p - r : 0;
            k = (r & 1 ? r + p : r) >> 1;
        }
        for (; k < n; k += p)
            struck[k] = 1;
    }
    u32 count = n;
    for (u32 k = 0; k < n; k++)
        count -= struck[k];
    return count;
}

DEPIN_RUN
{
    struct input in;
    if (depin_input_len() != sizeof in)
        return 1;
    depin_input_read(&in, 0, sizeof in);
    if (in.width == 0 || in.width > WIDTH_MAX)
        return 2;
    if (in.limit > LIMIT_MAX)
        return 3;

    u32 count = 0;
    u32 limit = (u32)in.limit;
    if (in.index <= limit / in.width) {
        u32 low = (u32)in.index * in.width;
        u32 end = low + in.width < limit ? low + in.width : limit;
        if (low <= 2 && end > 2)
            count = 1;
        low = low < 3 ? 3 : low | 1;
        if (low < end) {
            u32 root = 0; /* the largest with root * root < end */
            for (u32 bit = ROOT_MAX >> 1; bit; bit >>= 1)
                if ((root | bit) * (root | bit) < end)
                    root |= bit;
            sieve_base(root);
        }
        while (low < end) {
            u32 n = (end - low + 1) >> 1;
            if (n > SEGMENT)
                n = SEGMENT;
            count += count_segment(low, n, low + 2 * n - 1);
            low += 2 * n;
        }
    }

    depin_output_write(&count, sizeof count);
    return 0;
}
