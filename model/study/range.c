/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/range.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kernel/base.h"
#include "scenario/value.h"

struct numbers {
    enum parameter_kind kind;
    uint64_t from, to, step;
};

/* The kind of unit that all numbers have. */
static bool parse(const struct study_range *range, struct numbers *numbers, struct line *error)
{
    static const enum parameter_kind kinds[] = {PARAMETER_UINT, PARAMETER_BYTES, PARAMETER_TIME,
                                                PARAMETER_FREQUENCY, PARAMETER_RATE};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct line unused = {0};
        numbers->kind = kinds[i];
        numbers->step = 0;
        if (value_parse(kinds[i], range->from, &numbers->from, &unused) &&
            value_parse(kinds[i], range->to, &numbers->to, &unused) &&
            (!range->step || value_parse(kinds[i], range->step, &numbers->step, &unused)))
            return true;
    }
    line_add(error, "\"from\", \"to\" and \"step\" are numbers with one kind of unit");
    return false;
}

static double value_at(const struct study_range *range, const struct numbers *numbers, uint64_t i)
{
    const double from = (double)numbers->from, to = (double)numbers->to;
    const double part = range->count > 1 ? (double)i / (double)(range->count - 1) : 0;
    return range->log ? from * pow(to / from, part) : from + (to - from) * part;
}

static uint64_t whole_at(const struct study_range *range, const struct numbers *numbers, uint64_t i)
{
    if (range->step)
        return numbers->from <= numbers->to ? numbers->from + i * numbers->step
                                            : numbers->from - i * numbers->step;
    if (i == 0)
        return numbers->from;
    if (i == range->count - 1)
        return numbers->to;
    return (uint64_t)(value_at(range, numbers, i) + 0.5);
}

/* How many values; 0 after an error. */
static uint64_t count(const struct study_range *range, const struct numbers *numbers,
                      struct line *error)
{
    const uint64_t from = numbers->from, to = numbers->to;
    const uint64_t span = from < to ? to - from : from - to;
    uint64_t steps = range->count;
    if (range->log && (from == 0 || to == 0))
        line_add(error, "a logarithmic range starts and ends above 0");
    else if (range->step && range->log)
        line_add(error, "\"scale: log\" goes with \"count\", not with \"step\"");
    else if (range->step && numbers->step == 0)
        line_add(error, "\"step\" must not be 0");
    else if ((steps = range->step ? span / numbers->step + 1 : range->count) > STUDY_VALUES_MAX)
        line_add(error, "too many values, an axis has at most %u", STUDY_VALUES_MAX);
    else
        return steps;
    return 0;
}

bool study_range(struct arena *arena, const struct study_range *range, struct study_axis *axis,
                 struct line *error)
{
    struct numbers numbers;
    const uint64_t wanted = parse(range, &numbers, error) ? count(range, &numbers, error) : 0;
    struct study_value *values = wanted ? arena_alloc(arena, wanted * sizeof *values) : NULL;
    uint32_t filled = 0;
    uint64_t before = 0;
    if (wanted && !values)
        line_add(error, "out of memory");
    for (uint64_t i = 0; values && i < wanted; i++) {
        const uint64_t whole = whole_at(range, &numbers, i);
        char text[VALUE_TEXT];
        if (filled && whole == before)
            continue;
        before = whole;
        value_format(numbers.kind, whole, text, sizeof text);
        const char *copy = arena_text(arena, text);
        if (!copy) {
            line_add(error, "out of memory");
            return false;
        }
        values[filled++] = (struct study_value){copy, copy, formula_number(copy)};
    }
    axis->values = values;
    axis->value_count = filled;
    return values != NULL;
}
