/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/random.h"
#include "trace/file.h"
#include "trace/vcd/scopes.h"
#include "trace_fixture.h"

struct wide {
    uint64_t data[2];
    uint8_t valid;
};
static const struct probe_field wide_fields[] = {
    PROBE_FIELD(wide, valid, "VALID", 1, PROBE_DECIMAL),
    PROBE_FIELD(wide, data, "DATA", 128, PROBE_HEX_PADDED),
};
static const struct probe_type wide_type = {"wide", PROBE_SETTLED, wide_fields, 2,
                                            sizeof(struct wide)};

struct state {
    uint32_t count;
    uint8_t state;
    uint8_t pins;
};
static const char *const state_names[] = {"IDLE", "RUN"};
static const struct probe_field state_fields[] = {
    PROBE_FIELD(state, count, "count", 12, PROBE_DECIMAL),
    {.name = "state",
     .offset = offsetof(struct state, state),
     .size_bytes = 1,
     .width_bits = 2,
     .radix = PROBE_NAME,
     .names = state_names,
     .name_count = 2},
    {.name = "high_pin",
     .offset = offsetof(struct state, pins),
     .size_bytes = 1,
     .width_bits = 1,
     .lsb = 3},
    PROBE_FIELD(state, pins, "hidden", 0, PROBE_HEX),
};
static const struct probe_type state_type = {"state", PROBE_REGISTERED, state_fields, 4,
                                             sizeof(struct state)};
static const struct probe_type settled_type = {"settled", PROBE_SETTLED, state_fields, 1,
                                               sizeof(struct state)};

static void publish(struct probe *probe, sim_cycle now, uint32_t count, uint8_t state)
{
    struct state record = {.count = count, .state = state};
    probe_publish(probe, now, &record);
}

START_TEST(the_whole_file_is_as_written_here)
{
    struct bench b;
    bench_init(&b);
    struct probe *bus = bench_probe(&b, "bus", &wide_type, 0, NULL);
    struct probe *channel = bench_probe(&b, "dma.ch0", &state_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    probe_publish(bus, 0, &(struct wide){.data = {0x0000000000000005, 0x3}, .valid = 1});
    probe_publish(channel, 0, &(struct state){.count = 4095, .state = 1, .pins = 8});
    probe_publish(bus, 3, &(struct wide){.data = {5, 0}, .valid = 1});
    probe_publish(bus, 4, &(struct wide){.data = {5, 0}, .valid = 0});
    bench_close(trace, 60000);
    bench_expect(&b, "trace.vcd",
                 "$version dmasim $end\n"
                 "$timescale 1 ns $end\n"
                 "$scope module bus $end\n"
                 "$var wire 1 ! VALID $end\n"
                 "$var wire 128 \" DATA [127:0] $end\n"
                 "$upscope $end\n"
                 "$scope module dma $end\n"
                 "$scope module ch0 $end\n"
                 "$var wire 12 # count [11:0] $end\n"
                 "$var wire 2 $ state [1:0] $end\n"
                 "$var wire 1 % high_pin $end\n"
                 "$upscope $end\n"
                 "$upscope $end\n"
                 "$enddefinitions $end\n"
                 "#0\n"
                 "$dumpvars\n"
                 "x!\n"
                 "bx \"\n"
                 "bx #\n"
                 "bx $\n"
                 "x%\n"
                 "$end\n"
                 "1!\n"
                 "b11000000000000000000000000000000000000000000000000000000000000010"
                 "1 \"\n"
                 "#10\n"
                 "b111111111111 #\n"
                 "b1 $\n"
                 "1%\n"
                 "#30\n"
                 "b101 \"\n"
                 "#40\n"
                 "0!\n"
                 "#60\n");
    bench_done(&b);
}
END_TEST

START_TEST(a_settled_record_shows_in_its_cycle_and_a_registered_one_a_cycle_later)
{
    struct bench b;
    bench_init(&b);
    struct probe *settled = bench_probe(&b, "s", &settled_type, 0, NULL);
    struct probe *registered = bench_probe(&b, "r", &state_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    publish(settled, 7, 1, 0);
    publish(registered, 7, 2, 0);
    bench_close(trace, 100000);
    char *text = bench_read(&b, "trace.vcd");
    ck_assert_ptr_nonnull(strstr(text, "#70\nb1 !\n#80\nb10 \"\n"));
    free(text);
    bench_done(&b);
}
END_TEST

/* A slave whose channels are those of two masters: declared at all, written once. Where a part lacks a
 * signal, the record is written as any other. */
START_TEST(the_other_end_of_a_link_is_the_same_net)
{
    static const struct probe_field both_fields[] = {
        PROBE_FIELD(wide, data, "DATA", 128, PROBE_HEX_PADDED),
        PROBE_FIELD(wide, valid, "VALID", 1, PROBE_DECIMAL),
        PROBE_FIELD(wide, valid, "count", 1, PROBE_DECIMAL)};
    static const struct probe_type both_type = {"both", PROBE_SETTLED, both_fields, 3,
                                                sizeof(struct wide)};
    static const struct probe_field count_fields[] = {
        PROBE_FIELD(state, state, "count", 1, PROBE_DECIMAL)};
    static const struct probe_type count_type = {"count", PROBE_SETTLED, count_fields, 1,
                                                 sizeof(struct state)};
    for (unsigned whole = 0; whole < 2; whole++) {
        struct bench b;
        bench_init(&b);
        struct probe *slave = bench_probe(&b, "slave", &both_type, 0, NULL);
        struct probe *first = bench_probe(&b, "first", &wide_type, 0, NULL);
        struct probe *second = bench_probe(&b, "second", &count_type, 0, NULL);
        slave->parts[0] = first;
        if (whole)
            slave->parts[1] = second;
        struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
        ck_assert_int_eq(probe_observed(slave), !whole);
        probe_publish(slave, 0, &(struct wide){.data = {5}, .valid = 1});
        probe_publish(first, 0, &(struct wide){.data = {5}, .valid = 1});
        publish(second, 0, 0, 1);
        bench_close(trace, 10000);
        char *text = bench_read(&b, "trace.vcd");
        const char *expected = whole ? "$scope module slave $end\n"
                                       "$var wire 128 \" DATA [127:0] $end\n"
                                       "$var wire 1 ! VALID $end\n"
                                       "$var wire 1 # count $end\n"
                                       "$upscope $end\n"
                                       "$scope module first $end\n"
                                       "$var wire 1 ! VALID $end\n"
                                       "$var wire 128 \" DATA [127:0] $end\n"
                                       "$upscope $end\n"
                                       "$scope module second $end\n"
                                       "$var wire 1 # count $end\n"
                                       "$upscope $end\n"
                                       "$enddefinitions $end\n"
                                       "#0\n$dumpvars\nx!\nbx \"\nx#\n$end\n"
                                       "1!\nb101 \"\n1#\n#10\n"
                                     : "#0\n$dumpvars\nbx !\nx\"\nx#\nx$\nbx %\nx&\n$end\n"
                                       "b101 !\n1\"\n1#\n1$\nb101 %\n1&\n#10\n";
        const char *from = strstr(text, whole ? "$scope" : "#0\n");
        ck_assert_str_eq(from, expected);
        free(text);
        bench_done(&b);
    }
}
END_TEST

START_TEST(two_clocks_are_merged_in_the_order_of_time)
{
    struct bench b;
    bench_init(&b);
    struct probe *fast = bench_probe(&b, "fast", &settled_type, 0, NULL);
    struct probe *slow = bench_probe(&b, "slow", &state_type, 1, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    publish(fast, 0, 1, 0);
    publish(slow, 0, 1, 0); /* at 5 ns, shows at 30 */
    publish(fast, 1, 2, 0);
    publish(fast, 2, 3, 0);
    publish(fast, 3, 4, 0); /* at 30 ns too */
    publish(slow, 1, 2, 0); /* at 30 ns, shows at 55 */
    publish(fast, 5, 5, 0);
    publish(fast, 6, 6, 0);
    bench_close(trace, 60000);
    char *text = bench_read(&b, "trace.vcd");
    ck_assert_str_eq(strstr(text, "$end\nb1 !"), "$end\nb1 !\n#10\nb10 !\n#20\nb11 !\n"
                                                 "#30\nb1 \"\nb0 #\n0$\nb100 !\n"
                                                 "#50\nb101 !\n#55\nb10 \"\n#60\nb110 !\n");
    free(text);
    bench_done(&b);
}
END_TEST

START_TEST(registers_of_two_clocks_that_change_at_one_time_are_both_there)
{
    struct bench b;
    bench_init(&b);
    struct probe *slow = bench_probe(&b, "slow", &state_type, 1, NULL);
    struct probe *fast = bench_probe(&b, "fast", &state_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    publish(slow, 0, 1, 0); /* at 5 ns, shows at 30 */
    publish(fast, 2, 2, 0); /* at 20 ns, shows at 30 */
    bench_close(trace, 30000);
    char *text = bench_read(&b, "trace.vcd");
    ck_assert_ptr_nonnull(strstr(text, "$end\n#30\nb1 !\nb0 \"\n0#\nb10 $\nb0 %\n0&\n"));
    free(text);
    bench_done(&b);
}
END_TEST

/* A run of 200 cycles that changes in every seventh; repeats records in between if asked to, and
 * takes the probes of one step in either order. */
static char *run(bool repeat, bool reversed)
{
    struct bench b;
    bench_init(&b);
    struct probe *probes[] = {
        bench_probe(&b, "a", &settled_type, 0, NULL), bench_probe(&b, "b", &state_type, 0, NULL),
        bench_probe(&b, "c", &state_type, 0, NULL), bench_probe(&b, "d", &settled_type, 0, NULL)};
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    for (uint32_t n = 0; n < 200; n++) {
        for (size_t i = 0; i < 4; i++) {
            size_t which = reversed ? 3 - i : i;
            uint32_t value = n / 7 * 5 + (uint32_t)which;
            if (repeat || n % 7 == 0)
                publish(probes[which], n, value, value % 2);
        }
    }
    bench_close(trace, 2000000);
    char *text = bench_read(&b, "trace.vcd");
    bench_done(&b);
    return text;
}

START_TEST(repeated_records_and_the_order_of_stepping_leave_no_trace)
{
    char *once = run(false, false), *repeated = run(true, false), *reversed = run(true, true);
    ck_assert_str_eq(once, repeated);
    ck_assert_str_eq(once, reversed);
    ck_assert_ptr_nonnull(strstr(once, "\n#1960\nb10001100 !\nb10001111 (\n#1970\n"));
    ck_assert_ptr_null(strstr(once, "\n#1980\n"));
    free(once);
    free(repeated);
    free(reversed);
}
END_TEST

START_TEST(a_record_changed_and_changed_back_in_one_cycle_writes_nothing)
{
    struct bench b;
    bench_init(&b);
    struct probe *a = bench_probe(&b, "a", &settled_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    publish(a, 0, 1, 0);
    publish(a, 4, 2, 0);
    publish(a, 4, 1, 0);
    publish(a, 6, 3, 0);
    bench_close(trace, 60000);
    char *text = bench_read(&b, "trace.vcd");
    ck_assert_str_eq(strstr(text, "$end\nb1 !"), "$end\nb1 !\n#60\nb11 !\n");
    free(text);
    bench_done(&b);
}
END_TEST

START_TEST(what_would_show_after_the_end_is_left_out)
{
    struct bench b;
    bench_init(&b);
    struct probe *a = bench_probe(&b, "a", &state_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    publish(a, 2, 1, 0); /* shows at 30 */
    publish(a, 3, 2, 0); /* at 40 */
    bench_close(trace, 39999);
    char *text = bench_read(&b, "trace.vcd");
    ck_assert_ptr_nonnull(strstr(text, "#30\nb1 !\n"));
    ck_assert_ptr_null(strstr(text, "b10 !"));
    free(text);
    bench_done(&b);
}
END_TEST

START_TEST(a_muted_kernel_traces_nothing)
{
    struct bench b;
    bench_init(&b);
    struct probe *a = bench_probe(&b, "a", &settled_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    publish(a, 0, 1, 0);
    b.system.kernel.muted = true;
    publish(a, 1, 2, 0);
    b.system.kernel.muted = false;
    publish(a, 2, 3, 0);
    bench_close(trace, 20000);
    char *text = bench_read(&b, "trace.vcd");
    ck_assert_str_eq(strstr(text, "$end\nb1 !"), "$end\nb1 !\n#20\nb11 !\n");
    free(text);
    bench_done(&b);
}
END_TEST

START_TEST(the_timescale_is_the_largest_power_of_ten_that_divides_every_edge)
{
    static const struct {
        sim_time period, phase;
        const char *scale;
    } cases[] = {
        {10000, 0, "1 ns"},       {10000, 7, "1 ps"}, {25000, 12500, "100 ps"},
        {1000000, 20000, "1 ns"}, {3333, 0, "1 ps"},  {50000, 130, "10 ps"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct bench b;
        bench_init(&b);
        b.clocks[1].period_ps = cases[i].period;
        b.clocks[1].phase_ps = cases[i].phase;
        b.clocks[0].period_ps = 5000;
        struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
        bench_close(trace, 0);
        char line[64];
        snprintf(line, sizeof line, "$timescale %s $end", cases[i].scale);
        bench_expect_line(&b, "trace.vcd", line);
        bench_done(&b);
    }
}
END_TEST

START_TEST(clocks_toggle_when_asked_for)
{
    struct bench b;
    bench_init(&b);
    b.clocks[0].link = NULL;
    struct probe *a = bench_probe(&b, "a", &settled_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true, .vcd_clocks = true});
    publish(a, 0, 1, 0);
    publish(a, 2, 2, 0);
    bench_close(trace, 25000);
    bench_expect_line(&b, "trace.vcd", "$var wire 1 \" fast $end");
    char *text = bench_read(&b, "trace.vcd");
    ck_assert_str_eq(strstr(text, "0\"\n$end\n"),
                     "0\"\n$end\n1\"\nb1 !\n#5\n0\"\n#10\n1\"\n#15\n0\"\n"
                     "#20\n1\"\nb10 !\n#25\n0\"\n");
    free(text);
    bench_done(&b);
}
END_TEST

START_TEST(a_cycle_published_too_late_is_an_error_and_leaves_no_file)
{
    struct bench b;
    bench_init(&b);
    struct probe *a = bench_probe(&b, "a", &settled_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    publish(a, 5, 1, 0);
    publish(a, 4, 2, 0);
    struct dmasim_error error;
    ck_assert_int_eq(trace_close(trace, 60000, &error), DMASIM_INVALID);
    ck_assert_uint_eq(bench_files(&b), 0);
    trace_free(trace);
    bench_done(&b);
}
END_TEST

START_TEST(many_signals_have_different_identifiers)
{
    struct probe_field fields[200];
    for (size_t i = 0; i < COUNT(fields); i++)
        fields[i] = (struct probe_field)PROBE_FIELD(state, state, "s", 1, PROBE_DECIMAL);
    struct probe_type type = {"many", PROBE_SETTLED, fields, COUNT(fields), sizeof(struct state)};
    struct bench b;
    bench_init(&b);
    struct probe *a = bench_probe(&b, "a", &type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    publish(a, 1, 0, 1);
    bench_close(trace, 10000);
    bench_expect_line(&b, "trace.vcd", "1~");
    bench_expect_line(&b, "trace.vcd", "1!!");
    bench_expect_line(&b, "trace.vcd", "1\"!");
    bench_done(&b);
}
END_TEST

START_TEST(the_save_file_groups_scopes_and_names_states)
{
    struct bench b;
    bench_init(&b);
    bench_probe(&b, "bus", &wide_type, 0, NULL);
    bench_probe(&b, "dma.ch0", &state_type, 0, NULL);
    bench_probe(&b, "dma.ch1", &state_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    bench_close(trace, 5000000);
    bench_expect(&b, "trace.state.txt", "0 IDLE\n1 RUN\n");
    bench_expect(&b, "trace.gtkw",
                 "[dumpfile] \"trace.vcd\"\n"
                 "[savefile] \"trace.gtkw\"\n"
                 "[timestart] 0\n"
                 "[size] 1600 900\n"
                 "[pos] -1 -1\n"
                 "*-10.000000 -1\n"
                 "[sst_width] 220\n"
                 "[signals_width] 260\n"
                 "[sst_expanded] 1\n"
                 "@c00200\n-bus\n"
                 "@28\nbus.VALID\n"
                 "@22\nbus.DATA[127:0]\n"
                 "@1401200\n-bus\n"
                 "@c00200\n-dma\n"
                 "-dma.ch0\n"
                 "@24\ndma.ch0.count[11:0]\n"
                 "@2022\n^1 trace.state.txt\ndma.ch0.state[1:0]\n"
                 "@28\ndma.ch0.high_pin\n"
                 "@1401200\n-dma.ch0\n"
                 "@c00200\n-dma.ch1\n"
                 "@24\ndma.ch1.count[11:0]\n"
                 "@2022\n^1 trace.state.txt\ndma.ch1.state[1:0]\n"
                 "@28\ndma.ch1.high_pin\n"
                 "@1401200\n-dma.ch1\n"
                 "-dma\n");
    ck_assert_uint_eq(bench_files(&b), 3);
    bench_done(&b);
}
END_TEST

START_TEST(the_save_file_zooms_in_units_of_a_thousand)
{
    struct bench b;
    bench_init(&b);
    b.clocks[0].link = NULL;
    bench_probe(&b, "bus", &wide_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    bench_close(trace, 5120000); /* 512 units of the VCD, 5120 of GTKWave's */
    bench_expect_line(&b, "trace.vcd", "$timescale 10 ns $end");
    bench_expect_line(&b, "trace.gtkw", "*-10.000000 -1");
    bench_done(&b);
}
END_TEST

/* Pins and the byte they lie in, beside another byte of the same word, and the end of a record. */
struct pins {
    uint8_t pins, level;
    uint8_t unused[6];
    uint8_t last[3];
};
static const struct probe_field pins_fields[] = {
    {.name = "one", .offset = offsetof(struct pins, pins), .size_bytes = 1, .width_bits = 1},
    {.name = "four", .offset = 0, .size_bytes = 1, .width_bits = 2, .lsb = 2},
    PROBE_FIELD(pins, level, "level", 8, PROBE_DECIMAL),
    {.name = "last", .offset = offsetof(struct pins, last) + 2, .size_bytes = 1, .width_bits = 8},
    PROBE_FIELD(pins, pins, "all", 8, PROBE_HEX),
};
static const struct probe_type pins_type = {"pins", PROBE_SETTLED, pins_fields, COUNT(pins_fields),
                                            sizeof(struct pins)};

START_TEST(of_fields_that_share_bytes_only_those_whose_bits_change_are_written)
{
    struct bench b;
    bench_init(&b);
    struct probe *a = bench_probe(&b, "a", &pins_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    probe_publish(a, 0, &(struct pins){.pins = 0});
    probe_publish(a, 1, &(struct pins){.pins = 1});
    probe_publish(a, 2, &(struct pins){.pins = 1, .level = 255});
    probe_publish(a, 3, &(struct pins){.pins = 8, .level = 255});
    probe_publish(a, 4, &(struct pins){.pins = 8 + 16, .level = 255});
    probe_publish(a, 5, &(struct pins){.pins = 8 + 16, .level = 255, .unused = {1, 2, 3}});
    probe_publish(a, 6, &(struct pins){.pins = 8 + 16, .level = 255, .last = {1, 2, 3}});
    bench_close(trace, 60000);
    char *text = bench_read(&b, "trace.vcd");
    ck_assert_str_eq(strstr(text, "$end\n0!"), "$end\n0!\nb0 \"\nb0 #\nb0 $\nb0 %\n"
                                               "#10\n1!\nb1 %\n"
                                               "#20\nb11111111 #\n"
                                               "#30\n0!\nb10 \"\nb1000 %\n"
                                               "#40\nb11000 %\n"
                                               "#60\nb11 $\n");
    free(text);
    bench_done(&b);
}
END_TEST

START_TEST(a_wide_field_is_written_when_either_half_changes)
{
    struct bench b;
    bench_init(&b);
    struct probe *a = bench_probe(&b, "a", &wide_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    probe_publish(a, 0, &(struct wide){.data = {UINT64_MAX, 0}});
    probe_publish(a, 1, &(struct wide){.data = {UINT64_MAX, 1}});
    probe_publish(a, 2, &(struct wide){.data = {0, 1}});
    probe_publish(a, 3, &(struct wide){.data = {0, 0}});
    bench_close(trace, 30000);
    char *text = bench_read(&b, "trace.vcd");
#define ONES "1111111111111111111111111111111111111111111111111111111111111111"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
    ck_assert_str_eq(strstr(text, "$end\n0!"), "$end\n0!\nb" ONES " \"\n"
                                               "#10\nb1" ONES " \"\n"
                                               "#20\nb1" ZEROS " \"\n"
                                               "#30\nb0 \"\n");
    free(text);
    bench_done(&b);
}
END_TEST

/* ---- against a writer that is slow and simple ------------------------------------------------ */

enum { SIMPLE_FIELDS = 100, SIMPLE_BYTES = 101 };

struct simple {
    struct probe_field fields[SIMPLE_FIELDS];
    struct probe_type type;
    char shown[SIMPLE_FIELDS][600]; /* line that the file has of each field */
    char *text;
    size_t used;
};

/* Fields of any size, width and place, in half of the cases more than one for each byte. */
static void simple_fields(struct simple *self, struct random *random)
{
    const size_t count = random_below(random, 2) ? SIMPLE_FIELDS : 1 + random_below(random, 9);
    for (size_t i = 0; i < count; i++) {
        unsigned size = 1u << random_below(random, 7);
        unsigned lsb = size > 8 ? 0 : random_below(random, 8 * size);
        unsigned step = size > 8 ? 4 : size; /* an array of bytes may lie anywhere */
        self->fields[i] = (struct probe_field){
            .name = "f",
            .offset = (uint16_t)(random_below(random, (SIMPLE_BYTES - size) / step + 1) * step),
            .size_bytes = (uint8_t)size,
            .lsb = (uint8_t)lsb,
            .width_bits = (uint16_t)random_below(random, 8 * size - lsb + 1),
        };
    }
    self->fields[0].width_bits = 1;
    self->type = (struct probe_type){"simple", PROBE_SETTLED, self->fields, count, SIMPLE_BYTES};
}

static void simple_line(const struct probe_field *field, const uint8_t *record, size_t number,
                        char *line)
{
    size_t length = 0;
    line[length++] = 'b';
    for (unsigned i = field->width_bits; i-- > 0;) {
        unsigned bit = field->offset * 8u + field->lsb + i;
        char digit = (char)('0' + (record[bit / 8] >> bit % 8 & 1));
        if (length > 1 || digit == '1' || i == 0)
            line[length++] = digit;
    }
    line[length++] = ' ';
    if (field->width_bits == 1) {
        line[0] = line[1];
        length = 1;
    }
    trace_id(number, line + length);
    strcat(line, "\n");
}

static void simple_take(struct simple *self, const uint8_t *record, uint64_t time)
{
    size_t number = 0;
    bool stamped = time == 0;
    for (size_t i = 0; i < self->type.field_count; i++) {
        char line[600];
        if (self->fields[i].width_bits == 0)
            continue;
        simple_line(&self->fields[i], record, number++, line);
        if (strcmp(line, self->shown[i]) == 0)
            continue;
        if (!stamped)
            self->used +=
                (size_t)sprintf(self->text + self->used, "#%llu\n", (unsigned long long)time);
        stamped = true;
        strcpy(self->shown[i], line);
        strcpy(self->text + self->used, line);
        self->used += strlen(line);
    }
}

static void change(uint8_t *record, struct random *random)
{
    size_t count = random_below(random, 8) ? random_below(random, 4) : SIMPLE_BYTES;
    while (count-- > 0)
        record[random_below(random, SIMPLE_BYTES)] ^= (uint8_t)(1u << random_below(random, 8));
}

/* Of two records in one cycle only the last counts, also if it takes back what the first changed. */
static void compare_with_simple(unsigned seed, size_t bytes)
{
    struct random random = random_seeded(seed);
    struct simple *simple = calloc(1, sizeof *simple);
    simple->text = calloc(1, 1 << 20);
    simple_fields(simple, &random);
    struct bench b;
    bench_init(&b);
    b.clocks[0].link = NULL; /* cycle n is at time n of the file */
    struct probe *a = bench_probe(&b, "a", &simple->type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.vcd = true});
    uint8_t record[SIMPLE_BYTES] = {0}, other[SIMPLE_BYTES];
    sim_cycle now = 0;
    while (simple->used < bytes && now < 100000000) {
        change(record, &random);
        memcpy(other, record, sizeof other);
        change(other, &random);
        if (random_below(&random, 2))
            probe_publish(a, now, other);
        probe_publish(a, now, record);
        simple_take(simple, record, now);
        now += random_below(&random, 50) ? 1 : random_below(&random, 30000);
    }
    bench_close(trace, now * 10000);
    char *text = bench_read(&b, "trace.vcd");
    const char *at = strstr(strstr(text, "$dumpvars"), "$end\n") + strlen("$end\n");
    ck_assert_msg(strncmp(at, simple->text, simple->used) == 0, "seed %u", seed);
    ck_assert_uint_le(strlen(at + simple->used), 22); /* the final time */
    free(text);
    free(simple->text);
    free(simple);
    bench_done(&b);
}

START_TEST(random_records_are_written_as_by_a_simple_writer)
{
    for (unsigned seed = 0; seed < 200; seed++)
        compare_with_simple(seed, seed ? 10000 : 3 * TRACE_FILE_BUFFER);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_whole_file_is_as_written_here,
        a_settled_record_shows_in_its_cycle_and_a_registered_one_a_cycle_later,
        the_other_end_of_a_link_is_the_same_net,
        two_clocks_are_merged_in_the_order_of_time,
        registers_of_two_clocks_that_change_at_one_time_are_both_there,
        repeated_records_and_the_order_of_stepping_leave_no_trace,
        a_record_changed_and_changed_back_in_one_cycle_writes_nothing,
        what_would_show_after_the_end_is_left_out,
        a_muted_kernel_traces_nothing,
        the_timescale_is_the_largest_power_of_ten_that_divides_every_edge,
        clocks_toggle_when_asked_for,
        a_cycle_published_too_late_is_an_error_and_leaves_no_file,
        many_signals_have_different_identifiers,
        the_save_file_groups_scopes_and_names_states,
        the_save_file_zooms_in_units_of_a_thousand,
        of_fields_that_share_bytes_only_those_whose_bits_change_are_written,
        a_wide_field_is_written_when_either_half_changes,
        random_records_are_written_as_by_a_simple_writer,
    };
    return bench_run("vcd", tests, COUNT(tests));
}
