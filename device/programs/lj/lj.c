/* Energy of a Lennard-Jones fluid between the particles of two blocks, or within one, in a cubic periodic box, cut off without a shift.
   With distances in particle diameters (sigma) and energies in well depths (epsilon) a pair at the distance r has 4 (r^-12 - r^-6) when r
   is below the cutoff, otherwise 0.

   Input, little endian: sigma_sq (u64) and cutoff_sq (u64), the squares of the particle's diameter and of the cutoff in units of the box's
   edge squared, times 2^64; a (u16) and b (u16), the particles of the blocks, each at most 40; then a + b particles of x, y, z (i32), in
   units of the edge, times 2^32. With b = 0 the pairs within the first block count, otherwise those between the blocks.
   Output: the energy times 2^32 (i64).

   The box as 2^32 makes differences of coordinates wrap around by themselves: 32 bits of a difference are the nearest image's. The square of
   the distance has 64 bits. q = r^-2 has 28 bits behind the point and lies below 2, as particles nearer than sigma / sqrt 2 (224 epsilon)
   are refused. lj/README.md derives how far the result can be from the exact one.

   Status 1: the input's length is not 20 + 12 (a + b). 2: a is 0, or a or b over 40. 3: two particles are nearer than sigma / sqrt 2.
   4: the cutoff is over half the edge, or sigma is 0 or over a quarter of the edge. */
#include "depin.h"

#define BLOCK_MAX 40u
#define POINT 28 /* bits behind the point of q */

struct head {
    u64 sigma_sq;
    u64 cutoff_sq;
    u16 a;
    u16 b;
} __attribute__((packed));

struct particle {
    u32 x, y, z;
};

static struct head head;
static struct particle particles[2 * BLOCK_MAX];

static u64 square(u32 difference)
{
    i64 d = (i32)difference;
    return (u64)(d * d);
}

static i64 rounded(i64 value, u32 bits) { return (value + (1ll << (bits - 1))) >> bits; }

/* The energy of a pair times 2^32, of the distance squared. */
static i64 energy(u64 r_sq, u32 shift)
{
    /* sigma_sq / r_sq with POINT bits behind the point: both scaled so that the division loses as little as 64 bits allow. */
    u64 divisor = r_sq >> (POINT - shift);
    i64 q = (i64)(((head.sigma_sq << shift) + (divisor >> 1)) / divisor);
    i64 q3 = rounded(rounded(q * q, POINT) * q, POINT);
    return rounded(q3 * (q3 - (1ll << POINT)), 2 * POINT - 2 - 32);
}

DEPIN_RUN
{
    u32 length = (u32)depin_input_len();
    if (length < sizeof head)
        return 1;
    depin_input_read(&head, 0, sizeof head);
    if (head.a == 0 || head.a > BLOCK_MAX || head.b > BLOCK_MAX)
        return 2;
    u32 bytes = (head.a + head.b) * sizeof(struct particle);
    if (length != sizeof head + bytes)
        return 1;
    if (head.cutoff_sq > 1ull << 62 || head.sigma_sq == 0 || head.sigma_sq > 1ull << 60)
        return 4;
    depin_input_read(particles, sizeof head, bytes);

    u32 shift = (u32)__builtin_clzll(head.sigma_sq) - 1; /* a bit is left for rounding */
    if (shift > POINT)
        shift = POINT;
    i64 sum = 0;
    for (u32 i = 0; i < head.a; i++) {
        u32 first = head.b ? head.a : i + 1, end = head.b ? head.a + head.b : head.a;
        struct particle p = particles[i];
        for (struct particle *other = particles + first; other < particles + end; other++) {
            u64 r_sq = square(p.x - other->x) + square(p.y - other->y) + square(p.z - other->z);
            if (r_sq >= head.cutoff_sq)
                continue;
            if (r_sq <= head.sigma_sq >> 1)
                return 3;
            sum += energy(r_sq, shift);
        }
    }
    depin_output_write(&sum, sizeof sum);
    return 0;
}
