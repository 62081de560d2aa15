/* SPDX-License-Identifier: BSD-2-Clause */
#include "fixture.h"

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
                 "@800200\n-bus\n"
                 "@28\nbus.VALID\n"
                 "@22\nbus.DATA[127:0]\n"
                 "@1000200\n-bus\n"
                 "@800200\n-dma.ch0\n"
                 "@24\ndma.ch0.count[11:0]\n"
                 "@2022\n^1 trace.state.txt\ndma.ch0.state[1:0]\n"
                 "@28\ndma.ch0.high_pin\n"
                 "@1000200\n-dma.ch0\n"
                 "@800200\n-dma.ch1\n"
                 "@24\ndma.ch1.count[11:0]\n"
                 "@2022\n^1 trace.state.txt\ndma.ch1.state[1:0]\n"
                 "@28\ndma.ch1.high_pin\n"
                 "@1000200\n-dma.ch1\n");
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

int main(void)
{
    const TTest *const tests[] = {
        the_whole_file_is_as_written_here,
        a_settled_record_shows_in_its_cycle_and_a_registered_one_a_cycle_later,
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
    };
    return bench_run("vcd", tests, COUNT(tests));
}
