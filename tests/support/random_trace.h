/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random_trace: traces that are made of random numbers, written as VCDs in many ways, and compared by the
 * rules of docs/diff.md word by word: slowly, from the lists of changes alone. Shares no code with
 * model/compare.
 */
#ifndef DMASIM_TESTS_RANDOM_TRACE_H
#define DMASIM_TESTS_RANDOM_TRACE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/random.h"

#define TRACE_VARIABLES 8 /* the first one is the clock */
#define TRACE_CHANGES 4000
#define TRACE_DIGITS 24

enum trace_kind { TRACE_BITS, TRACE_REAL, TRACE_EVENT };

struct trace_change {
    int64_t time; /* in ns */
    int variable;
    char value[TRACE_DIGITS]; /* all digits of bits; of events "1" */
};

struct trace {
    int count; /* of variables */
    enum trace_kind kind[TRACE_VARIABLES];
    int size[TRACE_VARIABLES];
    struct trace_change changes[TRACE_CHANGES];
    int change_count;
    int64_t end;
};

static inline void trace_random_value(struct random *random, enum trace_kind kind, int size,
                                      char *value)
{
    if (kind == TRACE_EVENT) {
        strcpy(value, "1");
    } else if (kind == TRACE_REAL) {
        snprintf(value, TRACE_DIGITS, "%g", (double)random_below(random, 1000) / 8);
    } else {
        const char *digits = random_below(random, 3) ? "01" : "01xz";
        for (int i = 0; i < size; i++)
            value[i] = digits[random_below(random, digits[2] ? 4 : 2)];
        value[size] = '\0';
    }
}

static inline void trace_add(struct trace *self, int64_t time, int variable, const char *value)
{
    if (self->change_count == TRACE_CHANGES)
        return;
    struct trace_change *change = &self->changes[self->change_count++];
    change->time = time;
    change->variable = variable;
    snprintf(change->value, sizeof change->value, "%s", value);
}

/* The value given last at or before `time` (strictly before, if `before`); null: none. */
static inline const char *trace_at(const struct trace *self, int variable, int64_t time,
                                   bool before)
{
    const char *value = NULL;
    for (int i = 0; i < self->change_count; i++) {
        const struct trace_change *change = &self->changes[i];
        if (change->variable == variable &&
            (change->time < time || (!before && change->time == time)))
            value = change->value;
    }
    if (!value && self->kind[variable] == TRACE_BITS)
        return &"xxxxxxxxxxxxxxxxxxxxxxx"[TRACE_DIGITS - 1 - self->size[variable]];
    return value;
}

static inline int trace_events(const struct trace *self, int variable, int64_t time)
{
    int count = 0;
    for (int i = 0; i < self->change_count; i++)
        count += self->changes[i].variable == variable && self->changes[i].time == time;
    return count;
}

static inline bool trace_same_value(const struct trace *a, const struct trace *b, int variable,
                                    int64_t time, bool before)
{
    const char *x = trace_at(a, variable, time, before), *y = trace_at(b, variable, time, before);
    return x && y ? strcmp(x, y) == 0 : x == y;
}

static inline struct trace *trace_random(uint64_t seed)
{
    struct random random = random_seeded(seed);
    struct trace *self = calloc(1, sizeof *self);
    self->count = 2 + (int)random_below(&random, TRACE_VARIABLES - 1);
    for (int i = 0; i < self->count; i++) {
        self->kind[i] = i == 0 ? TRACE_BITS : (enum trace_kind)(random_below(&random, 6) / 2 % 3);
        self->size[i] = i && self->kind[i] == TRACE_BITS && random_below(&random, 2)
                            ? 1 + (int)random_below(&random, TRACE_DIGITS - 2)
                            : 1;
    }
    const int steps = 20 + (int)random_below(&random, random_below(&random, 3) ? 60 : 500);
    int64_t time = 0;
    for (int step = 0; step < steps; step++) {
        char value[TRACE_DIGITS];
        if (step % 2 == 0)
            trace_add(self, time, 0, step % 4 ? "1" : "0");
        for (int i = 1; i < self->count; i++) {
            if (random_below(&random, step ? 4 : 2))
                continue;
            trace_random_value(&random, self->kind[i], self->size[i], value);
            trace_add(self, time, i, value);
        }
        time += 1 + random_below(&random, 9);
    }
    self->end = time;
    return self;
}

static inline int trace_by_time(const void *a, const void *b)
{
    const struct trace_change *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x < y ? -1
                 : 1; /* glibc's qsort of few elements keeps their order; ties are made unlike */
}

/* Changes a few things, mostly late. */
static inline void trace_mutate(struct trace *self, uint64_t seed)
{
    struct random random = random_seeded(seed);
    for (int n = (int)random_below(&random, 3); n >= 0 && self->change_count; n--) {
        const int at = (int)random_below(&random, (uint32_t)self->change_count);
        struct trace_change *change = &self->changes[at];
        const int variable = change->variable;
        switch (random_below(&random, 5)) {
        case 0:
            trace_random_value(&random, self->kind[variable], self->size[variable], change->value);
            break;
        case 1:
            memmove(change, change + 1, (size_t)(self->change_count - at - 1) * sizeof *change);
            self->change_count--;
            break;
        case 2: { /* later or earlier, not past a neighbour in time */
            const int64_t low = at ? self->changes[at - 1].time : 0;
            const int64_t high =
                at + 1 < self->change_count ? self->changes[at + 1].time : self->end;
            change->time = low + (int64_t)random_below(&random, (uint32_t)(high - low + 1));
            break;
        }
        case 3:
            self->end =
                self->changes[self->change_count - 1].time + (int64_t)random_below(&random, 5);
            break;
        default:
            break;
        }
    }
}

/* ---- writing --------------------------------------------------------------------------------- */

static inline void trace_space(struct random *random, bool plain, FILE *out)
{
    static const char *const spaces[] = {"\n", " ", "\t", "\r\n", "\n\n", "  "};
    fputs(plain ? "\n" : spaces[random_below(random, 6)], out);
}

/* Writes a value in one of its forms. */
static inline void trace_write_value(const struct trace *self, struct random *random, bool plain,
                                     const struct trace_change *change, const char *code, FILE *out)
{
    const char *value = change->value;
    const int variable = change->variable;
    if (self->kind[variable] == TRACE_REAL) {
        fprintf(out, plain ? "r%s %s" : "R%s %s", value, code);
    } else if (self->size[variable] == 1 && (plain || random_below(random, 2))) {
        fprintf(out, "%c%s",
                plain || random_below(random, 2) || *value < 'x' ? *value : *value - 32, code);
    } else {
        if (!plain && random_below(random, 2)) /* as short as the rules of extension let it be */
            while (value[1] && *value != '1' &&
                   (*value == value[1] || (*value == '0' && value[1] == '1')))
                value++;
        fprintf(out, "b%s %s", value, code);
    }
    trace_space(random, plain, out);
}

/* As a VCD; `seed` 0: plainly, else in a random way of writing that means the same. */
static inline void trace_write(const struct trace *self, uint64_t seed, const char *path)
{
    struct random random = random_seeded(seed);
    const bool plain = seed == 0;
    FILE *out = fopen(path, "wb");
    int order[TRACE_VARIABLES] = {0};
    char codes[TRACE_VARIABLES][16];
    const int64_t scale = plain ? 1 : random_below(&random, 2) ? 100 : 1;
    if (!plain)
        fputs("$comment #1 1! $endx $end $date today $end ", out);
    fprintf(out, "$timescale %s $end\n$scope module t $end\n", scale == 1 ? "1ns" : "10 ps");
    for (int i = 0; i < self->count; i++)
        order[i] = i;
    for (int i = self->count - 1; i > 0 && !plain; i--) {
        const int other = (int)random_below(&random, (uint32_t)i + 1), one = order[i];
        order[i] = order[other];
        order[other] = one;
    }
    for (int k = 0; k < self->count; k++) {
        const int i = order[k];
        static const char *const types[] = {"wire", "real", "event"};
        static const char *const forms[] = {"%c", "$%c", "#%c#", "abcdefg%c", "abcdefgh%c"};
        snprintf(codes[i], sizeof codes[i], forms[plain ? 0 : random_below(&random, 5)], 'A' + k);
        fprintf(out, "$var %s %d %s v%d $end", types[self->kind[i]], self->size[i], codes[i], i);
        trace_space(&random, plain, out);
    }
    fputs("$upscope $end $enddefinitions $end\n", out);
    int64_t time = -1;
    for (int i = 0; i < self->change_count; i++) {
        const struct trace_change *change = &self->changes[i];
        if (!plain && change->time > time + 1 && random_below(&random, 4) == 0)
            fprintf(out, "#%" PRId64 " ", (time + 1) * scale); /* an empty step */
        if (change->time != time || (!plain && random_below(&random, 8) == 0))
            fprintf(out, "#%" PRId64 "\n", change->time * scale);
        time = change->time;
        if (!plain && random_below(&random, 10) == 0) {
            fputs("$comment 0A $end ", out);
        }
        trace_write_value(self, &random, plain, change, codes[change->variable], out);
        if (!plain && self->kind[change->variable] != TRACE_EVENT && random_below(&random, 6) == 0)
            trace_write_value(self, &random, plain, change, codes[change->variable], out);
    }
    fprintf(out, "#%" PRId64 "\n", self->end * scale);
    fclose(out);
}

/* ---- the rules, word by word ------------------------------------------------------------------- */

struct trace_rules {
    bool clock;
    int64_t from, to;  /* INT64_MAX: no end */
    int64_t tolerance; /* -1: none; with `clock` of what is sampled */
    bool by_edges;     /* it counts edges */
};

struct trace_verdict {
    int64_t first; /* -1: none */
    bool end;      /* the ends differ, nothing else */
    bool differs[TRACE_VARIABLES];
};

static inline int64_t trace_clamp(int64_t time, const struct trace_rules *rules)
{
    time = time > rules->to ? rules->to : time;
    return time < rules->from ? rules->from : time;
}

static inline bool trace_rises(const struct trace *self, int64_t time)
{
    return strcmp(trace_at(self, 0, time, true), "0") == 0 &&
           strcmp(trace_at(self, 0, time, false), "1") == 0;
}

/* The variables that differ at a time. */
static inline bool trace_differ_at(const struct trace *a, const struct trace *b, int64_t time,
                                   const struct trace_rules *rules, bool *differs)
{
    bool any = false;
    if (rules->clock) {
        const bool x = trace_rises(a, time), y = trace_rises(b, time);
        if (x != y)
            return differs[0] = true;
        if (!x)
            return false;
    }
    for (int i = 0; i < a->count; i++) {
        differs[i] = a->kind[i] == TRACE_EVENT
                         ? !rules->clock && trace_events(a, i, time) != trace_events(b, i, time)
                         : !trace_same_value(a, b, i, time, rules->clock);
        any |= differs[i];
    }
    return any;
}

/* The k-th value of a variable from 0 on: its time, and null at the end. Of events the k-th occurrence. */
static inline const char *trace_nth(const struct trace *self, int variable, int k, int64_t *time)
{
    const bool event = self->kind[variable] == TRACE_EVENT;
    const char *now = trace_at(self, variable, 0, false);
    *time = 0;
    if (k == 0 && !event)
        return now ? now : "unset";
    int n = event ? -1 : 0;
    for (int i = 0; i < self->change_count; i++) {
        const struct trace_change *change = &self->changes[i];
        if (change->variable != variable)
            continue;
        /* Only the last one of a time counts, and only if it is another value. */
        bool last = true;
        for (int j = i + 1; j < self->change_count; j++)
            last &= self->changes[j].variable != variable || self->changes[j].time != change->time;
        if (!event && (!last || change->time == 0 || (now && strcmp(change->value, now) == 0)))
            continue;
        now = change->value;
        *time = change->time;
        if (++n == k)
            return now;
    }
    return NULL;
}

static inline struct trace_verdict trace_compare_loosely(const struct trace *a,
                                                         const struct trace *b, int64_t tolerance)
{
    struct trace_verdict verdict = {.first = -1};
    int64_t when[TRACE_VARIABLES];
    for (int i = 0; i < a->count; i++) {
        when[i] = -1;
        for (int k = 0;; k++) {
            int64_t s, t;
            const char *x = trace_nth(a, i, k, &s), *y = trace_nth(b, i, k, &t);
            if (!x && !y)
                break;
            if (x && y && strcmp(x, y) == 0 && (s > t ? s - t : t - s) <= tolerance)
                continue;
            when[i] = !x ? t : !y || s < t ? s : t;
            break;
        }
        if (when[i] >= 0 && (verdict.first < 0 || when[i] < verdict.first))
            verdict.first = when[i];
    }
    for (int i = 0; i < a->count; i++)
        verdict.differs[i] = when[i] >= 0 && when[i] == verdict.first;
    return verdict;
}

/*
 * The k-th sampled value of a variable and the edge it was first sampled at; of the clock the k-th edge. `first`: before
 * all samples there is the value at 0.
 */
static inline const char *trace_nth_sampled(const struct trace *self, int variable, int k,
                                            bool first, int64_t *time, int *edge)
{
    const char *now = first ? trace_at(self, variable, 0, false) : NULL;
    int n = first ? 0 : -1;
    *edge = 0;
    *time = 0;
    if (first)
        now = now ? now : "unset";
    if (first && k == 0)
        return now;
    for (*time = 1; *time <= self->end; ++*time) {
        if (!trace_rises(self, *time))
            continue;
        ++*edge;
        if (variable == 0 && *edge == k + 1)
            return "edge";
        const char *value = trace_at(self, variable, *time, true);
        value = value ? value : "unset";
        if (variable == 0 || (now && strcmp(now, value) == 0))
            continue;
        now = value;
        if (++n == k)
            return now;
    }
    return NULL;
}

static inline struct trace_verdict
trace_compare_sampled(const struct trace *a, const struct trace *b, const struct trace_rules *rules)
{
    struct trace_verdict verdict = {.first = -1};
    int64_t when[TRACE_VARIABLES];
    for (int i = 0; i < a->count; i++) {
        when[i] = -1;
        const bool first = i > 0 && trace_same_value(a, b, i, 0, false);
        for (int k = 0; a->kind[i] != TRACE_EVENT; k++) {
            int64_t s, t;
            int e, f;
            const char *x = trace_nth_sampled(a, i, k, first, &s, &e),
                       *y = trace_nth_sampled(b, i, k, first, &t, &f);
            if (!x && !y)
                break;
            const int64_t apart = rules->by_edges ? (i ? e - f : (s == t ? 0 : INT64_MAX)) : s - t;
            if (x && y && strcmp(x, y) == 0 && (apart < 0 ? -apart : apart) <= rules->tolerance)
                continue;
            when[i] = !x ? t : !y || s < t ? s : t;
            break;
        }
        if (when[i] >= 0 && (verdict.first < 0 || when[i] < verdict.first))
            verdict.first = when[i];
    }
    for (int i = 0; i < a->count; i++)
        verdict.differs[i] = when[i] >= 0 && when[i] == verdict.first;
    return verdict;
}

static inline struct trace_verdict trace_compare(const struct trace *a, const struct trace *b,
                                                 const struct trace_rules *rules)
{
    struct trace_verdict verdict = {.first = -1};
    if (rules->tolerance >= 0 && rules->clock) {
        verdict = trace_compare_sampled(a, b, rules);
    } else if (rules->tolerance >= 0) {
        verdict = trace_compare_loosely(a, b, rules->tolerance);
    } else {
        const int64_t last = a->end > b->end ? a->end : b->end;
        const int64_t until = rules->to < last     ? rules->to
                              : last > rules->from ? last
                                                   : rules->from;
        for (int64_t time = rules->from; time <= until && verdict.first < 0; time++)
            if (trace_differ_at(a, b, time, rules, verdict.differs))
                verdict.first = time;
    }
    const int64_t x = trace_clamp(a->end, rules), y = trace_clamp(b->end, rules);
    const int64_t apart = x > y ? x - y : y - x;
    if (verdict.first < 0 && !rules->clock &&
        apart > (rules->tolerance > 0 ? rules->tolerance : 0)) {
        verdict.first = x < y ? x : y;
        verdict.end = true;
    }
    return verdict;
}

#endif
