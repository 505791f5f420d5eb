/* Proof of work of Bitcoin block headers. Input: 1 to 12 headers of 80 bytes, then, on another chain than Bitcoin's
   main one, one byte zero_bits. Output: how many of them are valid (u32).

   A header is valid when its double SHA-256 (FIPS 180-4), read as a little endian number of 256 bits, is at most its own target.
   The target stands in bytes 72 to 75 in compact form: an exponent byte e, a sign bit and 23 bits of mantissa m mean
   m * 256^(e - 3). A target that is negative, zero, over 256 bits, or at or over 2^(256 - zero_bits) makes a header invalid;
   zero_bits is 32 where it is not given.

   Status 1: the input is not 80 n or 80 n + 1 bytes with n from 1 to 12. */
#include "depin.h"

#define HEADER 80u
#define HEADERS_MAX 12u
#define MAIN_CHAIN 32u /* zero_bits of Bitcoin's main chain */

static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
static const u32 INITIAL[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static u32 w[64];    /* the message schedule; the first 16 words are the block */
static u32 hash[8];  /* big endian words */
static u8 header[HEADER];

static u32 rotr(u32 x, u32 n) { return x >> n | x << (32 - n); }

static u32 swap(u32 x) { return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24; }

static u32 word(u32 at) { return *(const u32 *)(header + at); }

/* Mixes the block in w into the hash. */
static void compress(void)
{
    for (u32 t = 16; t < 64; t++) {
        u32 x = w[t - 15], y = w[t - 2];
        w[t] = w[t - 16] + w[t - 7] + (rotr(x, 7) ^ rotr(x, 18) ^ x >> 3) + (rotr(y, 17) ^ rotr(y, 19) ^ y >> 10);
    }
    u32 a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    for (u32 t = 0; t < 64; t++) {
        u32 first = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + (g ^ (e & (f ^ g))) + K[t] + w[t];
        u32 second = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) | (c & (a | b)));
        h = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;
    }
    hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d, hash[4] += e, hash[5] += f, hash[6] += g, hash[7] += h;
}

/* Ends a message of which the last block holds n bytes, all of them whole words in w already; bits is the message's length. */
static void finish(u32 n, u32 bits)
{
    w[n >> 2] = 0x80000000;
    for (u32 t = (n >> 2) + 1; t < 15; t++)
        w[t] = 0;
    w[15] = bits;
    compress();
}

static void start(void)
{
    for (u32 t = 0; t < 8; t++)
        hash[t] = INITIAL[t];
}

static void hash_header(void)
{
    start();
    for (u32 t = 0; t < 16; t++)
        w[t] = swap(word(4 * t));
    compress();
    for (u32 t = 0; t < 4; t++)
        w[t] = swap(word(64 + 4 * t));
    finish(16, 8 * HEADER);
    for (u32 t = 0; t < 8; t++)
        w[t] = hash[t];
    start();
    finish(32, 256);
}

/* Byte i of the hash as a number, 0 the lowest. */
static u32 hash_byte(u32 i) { return hash[i >> 2] >> (24 - 8 * (i & 3)) & 0xff; }

static u32 valid(u32 zero_bits)
{
    u32 compact = word(72);
    u32 mantissa = compact & 0x7fffff;
    i32 low = (i32)(compact >> 24) - 3; /* the place of the mantissa's lowest byte */
    for (; low < 0 && mantissa; low++)
        mantissa >>= 8;
    if (mantissa == 0 || compact & 0x800000)
        return 0;
    u32 bits = 8 * (u32)low + 32 - (u32)__builtin_clz(mantissa); /* of the target */
    if (bits > 256 - zero_bits)
        return 0;
    hash_header();
    for (i32 i = 31; i >= 0; i--) {
        u32 target = i >= low && i <= low + 2 ? mantissa >> (8 * (i - low)) & 0xff : 0;
        u32 byte = hash_byte((u32)i);
        if (byte != target)
            return byte < target;
    }
    return 1;
}

DEPIN_RUN
{
    u32 length = (u32)depin_input_len();
    u32 headers = length / HEADER;
    u8 zero_bits = MAIN_CHAIN;
    if (length - headers * HEADER > 1 || headers == 0 || headers > HEADERS_MAX)
        return 1;
    depin_input_read(&zero_bits, headers * HEADER, 1); /* past the input's end this reads nothing */
    u32 count = 0;
    for (u32 n = 0; n < headers; n++) {
        depin_input_read(header, n * HEADER, HEADER);
        count += valid(zero_bits);
    }
    depin_output_write(&count, sizeof count);
    return 0;
}
