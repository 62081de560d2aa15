/* SPDX-License-Identifier: BSD-2-Clause */
/* formula_code: what formula.c makes of a text and formula_evaluate.c runs: steps for a stack of values. */
#ifndef DMASIM_FORMULA_CODE_H
#define DMASIM_FORMULA_CODE_H

#include "scenario/formula.h"

enum operation {
    OP_NUMBER,
    OP_TEXT,
    OP_NAME,
    OP_OR,
    OP_AND,
    OP_NOT,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_REMAINDER,
    OP_POWER,
    OP_NEGATE,
    OP_ABS,
    OP_CEIL,
    OP_FLOOR,
    OP_LOG2,
    OP_ROUND,
    OP_SQRT,
    OP_MIN,
    OP_MAX,
    OP_IF,
};

struct step {
    enum operation operation;
    uint32_t index; /* of a name */
    double number;
    const char *text;
};

struct name {
    const char *text;
    size_t offset;
};

struct formula {
    struct step *steps;
    uint32_t step_count;
    struct name *names;
    uint32_t name_count;
};

#endif
