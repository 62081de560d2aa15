/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines that whoever drives the clock tells, in the VCD and in the log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dmasim/dmasim.h"
#include "suite.h"

static const char scenario[] =
    "name: told\n"
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: hclk } }\n"
    "cpus: { cpu: { bus: ahb } }\n"
    "memories: { ram: { bus: ahb, base: 0, size: 64 KiB } }\n"
    "controllers: { dma: { bus: ahb, base: 0xF000_0000, interrupt: cpu } }\n"
    "work:\n"
    "  - memcpy: { from: ram, to: ram + 16 KiB, bytes: 8 KiB }\n";

static const char *const names[] = {"guest.kernel", "guest.programs"};

struct text {
    char bytes[1 << 20];
    size_t length;
};

static bool keep(void *context, const char *bytes, size_t length)
{
    struct text *self = context;
    ck_assert_uint_lt(self->length + length, sizeof self->bytes);
    memcpy(self->bytes + self->length, bytes, length);
    self->length += length;
    self->bytes[self->length] = '\0';
    return true;
}

static struct dmasim *create(bool every_cycle, size_t tracks)
{
    struct dmasim_error error;
    const struct dmasim_options options = {
        .every_cycle = every_cycle, .tracks = names, .track_count = tracks};
    struct dmasim *sim =
        dmasim_create_text(scenario, strlen(scenario), "told", NULL, &options, &error);
    ck_assert_msg(sim != NULL, "%s", error.text);
    return sim;
}

static const struct {
    uint64_t at_ps;
    unsigned track;
    const char *text;
} told[] = {
    {1234567, 0, "irq_handler_entry: irq=5"},
    {1234999, 1, "between two cycles"},
    {1234999, 1, "and \\ again"},
    {20000000, 0, "in the middle of bursts"},
    {20000000, 0, "at an edge"},
    {35000001, 1, ""},
};

/* A run of which all of this is told, with its VCD. */
static struct dmasim_trace *run(struct dmasim *sim, struct text *vcd)
{
    const struct dmasim_trace_options options = {
        .vcd = true, .vcd_write = keep, .vcd_context = vcd, .lines = true};
    struct dmasim_trace *trace = dmasim_trace_open(sim, &options, NULL, NULL);
    ck_assert_ptr_nonnull(trace);
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        ck_assert_int_eq(dmasim_tell(sim, told[i].at_ps, names[told[i].track], told[i].text),
                         DMASIM_OK);
    ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_trace_close(trace, NULL), DMASIM_OK);
    return trace;
}

/* The time that holds where `text` begins. */
static unsigned long long time_at(const struct text *vcd, const char *text)
{
    const char *at = strstr(vcd->bytes, text);
    ck_assert_msg(at != NULL, "no %s", text);
    while (at[0] != '\n' || at[1] != '#')
        at--;
    return strtoull(at + 2, NULL, 10);
}

START_TEST(lines_stand_at_their_nanosecond_in_the_vcd)
{
    struct text *vcd = calloc(1, sizeof *vcd);
    struct dmasim *sim = create(false, 2);
    run(sim, vcd);
    ck_assert_ptr_nonnull(strstr(vcd->bytes, "$timescale 1 ns $end"));
    ck_assert_ptr_nonnull(strstr(vcd->bytes, "$scope module guest $end\n$scope module kernel $end\n"
                                             "$var string 1 "));
    ck_assert_uint_eq(time_at(vcd, "\nsirq_handler_entry:\\x20irq=5 "), 1234);
    ck_assert_uint_eq(time_at(vcd, "\nsbetween\\x20two\\x20cycles;and\\x20\\x5c\\x20again "), 1234);
    ck_assert_uint_eq(
        time_at(vcd, "\nsin\\x20the\\x20middle\\x20of\\x20bursts;at\\x20an\\x20edge "), 20000);
    dmasim_destroy(sim);
    free(vcd);
}
END_TEST

START_TEST(lines_are_notes_of_the_log_all_of_them)
{
    struct text *vcd = calloc(1, sizeof *vcd);
    struct dmasim *sim = create(false, 2);
    const struct dmasim_trace_options options = {.lines = true};
    struct dmasim_trace *trace = dmasim_trace_open(sim, &options, NULL, NULL);
    enum dmasim_log_level level;
    const char *text;
    for (int i = 0; i < 40; i++) /* more than of a unit's */
        ck_assert_int_eq(dmasim_tell(sim, 1000001, names[1], "the same"), DMASIM_OK);
    dmasim_tell(sim, 1000002, names[0], "last");
    ck_assert_int_eq(dmasim_trace_close(trace, NULL), DMASIM_OK);
    for (size_t i = 0; i < 40; i++) {
        ck_assert_int_eq(dmasim_trace_log(trace, i, &level, &text), DMASIM_OK);
        ck_assert_int_eq(level, DMASIM_LOG_NOTE);
        ck_assert_str_eq(text, "1.000001 us  cycle 100  note  guest.programs: the same");
    }
    ck_assert_int_eq(dmasim_trace_log(trace, 40, &level, &text), DMASIM_OK);
    ck_assert_str_eq(text, "1.000002 us  cycle 100  note  guest.kernel: last");
    ck_assert_int_eq(dmasim_trace_log(trace, 41, &level, &text), DMASIM_UNMAPPED);
    dmasim_destroy(sim);
    free(vcd);
}
END_TEST

START_TEST(lines_are_the_same_whether_cycles_are_stepped_or_not)
{
    struct text *vcd[2];
    for (int i = 0; i < 2; i++) {
        vcd[i] = calloc(1, sizeof *vcd[i]);
        struct dmasim *sim = create(i == 1, 2);
        run(sim, vcd[i]);
        dmasim_destroy(sim);
    }
    ck_assert_str_eq(vcd[0]->bytes, vcd[1]->bytes);
    free(vcd[0]);
    free(vcd[1]);
}
END_TEST

START_TEST(telling_changes_nothing)
{
    uint64_t end[2];
    for (int i = 0; i < 2; i++) {
        struct dmasim *sim = create(false, 2);
        struct dmasim_result result;
        for (size_t k = 0; i == 1 && k < sizeof told / sizeof told[0]; k++)
            dmasim_tell(sim, told[k].at_ps, names[told[k].track], told[k].text);
        dmasim_run(sim, DMASIM_NEVER, NULL);
        ck_assert_int_eq(dmasim_outcome(sim, &result), DMASIM_OK);
        ck_assert_int_eq(result.outcome, DMASIM_DONE);
        end[i] = result.end_ps;
        dmasim_destroy(sim);
    }
    ck_assert_uint_eq(end[0], end[1]);
}
END_TEST

START_TEST(a_line_that_is_too_long_is_cut)
{
    struct text *vcd = calloc(1, sizeof *vcd);
    struct dmasim *sim = create(false, 1);
    const struct dmasim_trace_options options = {
        .vcd = true, .vcd_write = keep, .vcd_context = vcd};
    struct dmasim_trace *trace = dmasim_trace_open(sim, &options, NULL, NULL);
    char text[2000];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    ck_assert_int_eq(dmasim_tell(sim, 500000, names[0], text), DMASIM_OK);
    ck_assert_int_eq(dmasim_tell(sim, 500000, names[0], "no more"), DMASIM_OK);
    memset(text, ' ', sizeof text - 1); /* four characters each */
    ck_assert_int_eq(dmasim_tell(sim, 600000, names[0], text), DMASIM_OK);
    ck_assert_int_eq(dmasim_trace_close(trace, NULL), DMASIM_OK);
    ck_assert_uint_eq(strspn(strstr(vcd->bytes, "\nsaaa") + 2, "a"), 399);
    ck_assert_uint_eq(strspn(strstr(vcd->bytes, "\ns\\x20") + 2, "\\x20"), 396);
    dmasim_destroy(sim);
    free(vcd);
}
END_TEST

START_TEST(what_makes_no_sense_is_refused)
{
    struct dmasim *sim = create(false, 1);
    ck_assert_int_eq(dmasim_tell(sim, 0, names[1], "not named"), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_tell(sim, 1000000, names[0], "now"), DMASIM_OK);
    ck_assert_uint_eq(dmasim_now(sim), 1000000);
    ck_assert_int_eq(dmasim_tell(sim, 999999, names[0], "then"), DMASIM_PAST);
    ck_assert_int_eq(dmasim_tell(sim, 1000000, names[0], "again"), DMASIM_OK);
    dmasim_destroy(sim);

    static const struct {
        const char *name, *words;
    } bad[] = {{"", "no name"},        {"a b", "no name"},      {".a", "no name"},
               {"a.", "no name"},      {"a..b", "no name"},     {"a\n", "no name"},
               {"dma", "a component"}, {"ram.x", "a component"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct dmasim_error error;
        const struct dmasim_options options = {.tracks = &bad[i].name, .track_count = 1};
        ck_assert_ptr_null(
            dmasim_create_text(scenario, strlen(scenario), "told", NULL, &options, &error));
        ck_assert_int_eq(error.code, DMASIM_INVALID);
        ck_assert_msg(strstr(error.text, bad[i].words) != NULL, "%s", error.text);
    }
    const char *const twice[] = {"guest", "guest"};
    const struct dmasim_options options = {.tracks = twice, .track_count = 2};
    struct dmasim_error error;
    ck_assert_ptr_null(
        dmasim_create_text(scenario, strlen(scenario), "told", NULL, &options, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "twice"));
}
END_TEST

START_TEST(lines_survive_a_snapshot)
{
    struct dmasim *sim = create(false, 1);
    const struct dmasim_trace_options options = {.lines = true};
    struct dmasim_trace *trace = dmasim_trace_open(sim, &options, NULL, NULL);
    enum dmasim_log_level level;
    const char *text;
    dmasim_tell(sim, 1000000, names[0], "before");
    struct dmasim_snapshot *snapshot = dmasim_save(sim);
    ck_assert_ptr_nonnull(snapshot);
    dmasim_mute(sim);
    ck_assert_int_eq(dmasim_tell(sim, 2000000, names[0], "on an excursion"), DMASIM_OK);
    ck_assert_int_eq(dmasim_restore(sim, snapshot), DMASIM_OK);
    dmasim_snapshot_free(snapshot);
    dmasim_tell(sim, 1500000, names[0], "after");
    dmasim_trace_close(trace, NULL);
    ck_assert_int_eq(dmasim_trace_log(trace, 0, &level, &text), DMASIM_OK);
    ck_assert_ptr_nonnull(strstr(text, "before"));
    ck_assert_int_eq(dmasim_trace_log(trace, 1, &level, &text), DMASIM_OK);
    ck_assert_ptr_nonnull(strstr(text, "after"));
    ck_assert_int_eq(dmasim_trace_log(trace, 2, &level, &text), DMASIM_UNMAPPED);
    dmasim_destroy(sim);
}
END_TEST

TEST_MAIN("tell", lines_stand_at_their_nanosecond_in_the_vcd,
          lines_are_notes_of_the_log_all_of_them,
          lines_are_the_same_whether_cycles_are_stepped_or_not, telling_changes_nothing,
          a_line_that_is_too_long_is_cut, what_makes_no_sense_is_refused, lines_survive_a_snapshot)
