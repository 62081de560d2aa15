/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_formula: any bytes as an expression. What is accepted is evaluated, over values of every kind; what
 * is not has an error that says something, at a place inside the text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/formula.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct formula_value kinds[] = {
        {.kind = FORMULA_NONE},
        {.kind = FORMULA_NUMBER, .number = -1.5},
        {.kind = FORMULA_TEXT, .text = "fixed"},
    };
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    struct arena arena = {0};
    struct formula_error error;
    const struct formula *formula = formula_parse(&arena, text, &error);
    if (!formula && (!error.text[0] || error.offset > strlen(text)))
        abort();
    struct formula_value values[FORMULA_NAMES_MAX];
    for (size_t first = 0; formula && first < sizeof kinds / sizeof kinds[0]; first++) {
        for (uint32_t i = 0; i < FORMULA_NAMES_MAX; i++)
            values[i] = kinds[(first + i) % (sizeof kinds / sizeof kinds[0])];
        formula_evaluate(formula, values);
    }
    arena_free(&arena);
    free(text);
    return 0;
}
