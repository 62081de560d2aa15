/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace: writes a VCD of random values for `scripts/bench traces`: a clock, 119 scalars and 60 vectors of 8 and 32
 * bits; in each cycle 12 scalars and 3 vectors change.
 *
 *   trace MEGABYTES [again]
 *
 * With "again" the same instants and values are written in another way: unit, order of declarations, codes.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCALARS 120
#define VARIABLES 180

static uint64_t draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

static int size_of(int variable)
{
    return variable < SCALARS ? 1 : variable % 2 ? 32 : 8;
}

static int write_vector(uint64_t value, int size, const char *code)
{
    char digits[40];
    int length = 0;
    for (int bit = size - 1; bit >= 0; bit--)
        if ((value >> bit & 1) || length || bit == 0)
            digits[length++] = (char)('0' + (int)(value >> bit & 1));
    digits[length] = '\0';
    return printf("b%s %s\n", digits, code);
}

static void declare(bool again, char codes[][4])
{
    for (int k = 0; k < VARIABLES; k++) {
        const int number = again ? VARIABLES - 1 - k + 7 : k;
        if (number < 94)
            snprintf(codes[k], 4, "%c", '!' + number);
        else
            snprintf(codes[k], 4, "%c%c", '!' + number % 94, '!' + number / 94 - 1);
    }
    printf("$timescale %s $end\n$scope module top $end\n", again ? "100ps" : "1ns");
    for (int k = 0; k < VARIABLES; k++) {
        const int i = again ? k * 7 % VARIABLES : k;
        printf("$var wire %d %s v%d $end\n", size_of(i), codes[i], i);
    }
    printf("$upscope $end\n$enddefinitions $end\n");
}

int main(int argc, char **argv)
{
    const size_t bytes = (argc > 1 ? strtoul(argv[1], NULL, 10) : 0) << 20;
    const bool again = argc > 2 && strcmp(argv[2], "again") == 0;
    static char codes[VARIABLES][4];
    unsigned char bit[SCALARS] = {0};
    uint64_t state = 88172645463325252u, time = 0;
    if (!bytes)
        return 2;
    declare(again, codes);
    printf("#0\n$dumpvars\n");
    for (int i = 0; i < VARIABLES; i++)
        printf(size_of(i) == 1 ? "0%s\n" : "b0 %s\n", codes[i]);
    printf("$end\n");
    /* Counted as if written plainly, so that both ways have as many cycles. */
    for (size_t written = 0; written < bytes; time += 5) {
        char number[24];
        written += 4 + (size_t)snprintf(number, sizeof number, "%" PRIu64, time + 5);
        printf("#%" PRIu64 "\n", (time + 5) * (again ? 10 : 1));
        printf("%d%s\n", bit[0] ^= 1, codes[0]);
        for (int k = 0; k < 12 && bit[0]; k++) {
            const int i = 1 + (int)(draw(&state) % (SCALARS - 1));
            printf("%d%s\n", bit[i] ^= 1, codes[i]);
            written += 4;
        }
        for (int k = 0; k < 3 && bit[0]; k++) {
            const int i = SCALARS + (int)(draw(&state) % (VARIABLES - SCALARS));
            const uint64_t value = draw(&state) & ((1ull << size_of(i)) - 1);
            write_vector(value, size_of(i), codes[i]);
            written += 2 + 4 + (size_t)size_of(i) * 9 / 10;
        }
    }
    return 0;
}
