/* SPDX-License-Identifier: BSD-2-Clause */
/* formula_evaluate: the value of a formula. See formula.h. */
#include <math.h>
#include <string.h>

#include "scenario/formula_code.h"

static const struct formula_value nothing = {.kind = FORMULA_NONE};

static struct formula_value number(double value)
{
    return isfinite(value) ? (struct formula_value){.kind = FORMULA_NUMBER, .number = value}
                           : nothing;
}

/* `and` (whole false) and `or` (whole true): a side that decides alone does so. */
static struct formula_value logic(struct formula_value a, struct formula_value b, bool decides)
{
    const bool a_is = a.kind == FORMULA_NUMBER, b_is = b.kind == FORMULA_NUMBER;
    if ((a_is && (a.number != 0) == decides) || (b_is && (b.number != 0) == decides))
        return number(decides);
    return a_is && b_is ? number(!decides) : nothing;
}

static struct formula_value equality(struct formula_value a, struct formula_value b, bool wanted)
{
    if (a.kind != b.kind || a.kind == FORMULA_NONE)
        return nothing;
    const bool equal = a.kind == FORMULA_TEXT ? strcmp(a.text, b.text) == 0 : a.number == b.number;
    return number(equal == wanted);
}

static struct formula_value one(enum operation operation, struct formula_value a)
{
    if (a.kind != FORMULA_NUMBER)
        return nothing;
    const double x = a.number;
    switch (operation) {
    case OP_NOT:
        return number(x == 0);
    case OP_NEGATE:
        return number(-x);
    case OP_ABS:
        return number(fabs(x));
    case OP_CEIL:
        return number(ceil(x));
    case OP_FLOOR:
        return number(floor(x));
    case OP_LOG2:
        return number(log2(x));
    case OP_ROUND:
        return number(round(x));
    default:
        return number(sqrt(x));
    }
}

static struct formula_value two(enum operation operation, struct formula_value a,
                                struct formula_value b)
{
    if (operation == OP_AND || operation == OP_OR)
        return logic(a, b, operation == OP_OR);
    if (operation == OP_EQUAL || operation == OP_UNEQUAL)
        return equality(a, b, operation == OP_EQUAL);
    if (a.kind != FORMULA_NUMBER || b.kind != FORMULA_NUMBER)
        return nothing;
    const double x = a.number, y = b.number;
    switch (operation) {
    case OP_LESS:
        return number(x < y);
    case OP_LESS_EQUAL:
        return number(x <= y);
    case OP_GREATER:
        return number(x > y);
    case OP_GREATER_EQUAL:
        return number(x >= y);
    case OP_ADD:
        return number(x + y);
    case OP_SUBTRACT:
        return number(x - y);
    case OP_MULTIPLY:
        return number(x * y);
    case OP_DIVIDE:
        return y == 0 ? nothing : number(x / y);
    case OP_REMAINDER:
        return y == 0 ? nothing : number(fmod(x, y));
    case OP_POWER:
        return number(pow(x, y));
    case OP_MIN:
        return number(x < y ? x : y);
    default:
        return number(x > y ? x : y);
    }
}

struct formula_value formula_evaluate(const struct formula *self,
                                      const struct formula_value *values)
{
    struct formula_value stack[FORMULA_DEPTH_MAX + 1];
    unsigned top = 0;
    for (uint32_t i = 0; i < self->step_count; i++) {
        const struct step *step = &self->steps[i];
        switch (step->operation) {
        case OP_NUMBER:
            stack[top++] = number(step->number);
            break;
        case OP_TEXT:
            stack[top++] = (struct formula_value){.kind = FORMULA_TEXT, .text = step->text};
            break;
        case OP_NAME:
            stack[top++] = values[step->index];
            break;
        case OP_NOT:
        case OP_NEGATE:
        case OP_ABS:
        case OP_CEIL:
        case OP_FLOOR:
        case OP_LOG2:
        case OP_ROUND:
        case OP_SQRT:
            stack[top - 1] = one(step->operation, stack[top - 1]);
            break;
        case OP_IF:
            top -= 2;
            if (stack[top - 1].kind != FORMULA_NUMBER)
                stack[top - 1] = nothing;
            else
                stack[top - 1] = stack[stack[top - 1].number != 0 ? top : top + 1];
            break;
        default:
            top--;
            stack[top - 1] = two(step->operation, stack[top - 1], stack[top]);
        }
    }
    return stack[0];
}
