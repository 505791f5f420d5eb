/* Which digit a small grey image shows: a network of 64 pixels, HIDDEN neurons and ten classes with weights of 8 bits. Input: 1 to 16
   images of 64 bytes, each pixel 0 (empty) to 16 (full), row by row. Output: one byte an image, the class with the highest score, the
   lowest of equal ones. With one byte more of input, whatever it is, at most 6 images are taken and the output is the ten scores of each
   instead (i32, little endian): a requester can see how sure the network was, a test can compare every sum.

   weights.h is made by Training, in C#, whose class IntegerNetwork computes the same without this program.

   Status 1: the input is neither 64 n bytes with n from 1 to 16 nor 64 n + 1 with n from 1 to 6. 2: a pixel is over 16. */
#include "depin.h"
#include "weights.h"

#define PIXELS 64u
#define IMAGES_MAX 16u
#define IMAGES_SCORED_MAX 6u

static u8 image[PIXELS];
static i32 hidden[HIDDEN];
static i32 scores[10];

static u32 classify(void)
{
    for (u32 j = 0; j < HIDDEN; j++) {
        i32 sum = B1[j];
#pragma unroll
        for (u32 i = 0; i < PIXELS; i++)
            sum += W1[j * PIXELS + i] * image[i];
        u32 grown = sum > 0 ? (u32)sum * MULTIPLIER >> SHIFT : 0;
        hidden[j] = grown > 255 ? 255 : (i32)grown;
    }
    u32 best = 0;
    for (u32 k = 0; k < 10; k++) {
        i32 sum = B2[k];
#pragma unroll
        for (u32 j = 0; j < HIDDEN; j++)
            sum += W2[k * HIDDEN + j] * hidden[j];
        scores[k] = sum;
        if (sum > scores[best])
            best = k;
    }
    return best;
}

DEPIN_RUN
{
    u32 length = (u32)depin_input_len();
    u32 images = length / PIXELS, scored = length % PIXELS;
    if (scored > 1 || images == 0 || images > (scored ? IMAGES_SCORED_MAX : IMAGES_MAX))
        return 1;
    for (u32 n = 0; n < images; n++) {
        depin_input_read(image, n * PIXELS, PIXELS);
        for (u32 i = 0; i < PIXELS; i++)
            if (image[i] > 16)
                return 2;
        u8 class = (u8)classify();
        if (scored)
            depin_output_write(scores, sizeof scores);
        else
            depin_output_write(&class, 1);
    }
    return 0;
}
