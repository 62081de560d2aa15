/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace_fixture.h"

#include "bus/records.h"
#include "controllers/adi/adi_dmac.h"

#define HEAD "cycle,event,addr_or_value,len,last,valid_since\n"

static const struct probe_field event_fields[] = {{.name = "event",
                                                   .names = adi_event_order,
                                                   .radix = PROBE_TEXT,
                                                   .size_bytes = sizeof(const char *)}};
static const struct probe_type event_type = {.name = "rtl_event",
                                             .kind = PROBE_EVENT,
                                             .fields = event_fields,
                                             .field_count = 1,
                                             .record_bytes = sizeof(struct rtl_event_record)};

static void tell(const struct probe *probe, sim_cycle now, const char *event, uint64_t value,
                 uint32_t len, uint8_t last, sim_cycle since)
{
    struct rtl_event_record record = {event, value, len, last, since};
    probe_publish(probe, now, &record);
}

START_TEST(events_of_a_cycle_stand_in_the_order_of_the_recordings)
{
    struct bench b;
    bench_init(&b);
    struct probe *probe = bench_probe(&b, "dma", &event_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.events = true});
    tell(probe, 3, "RESETN_HI", 0, 0, 0, SIM_NEVER);
    tell(probe, 3, "RM_RESET", 0, 0, 0, SIM_NEVER);
    tell(probe, 3, "R", 1, 0, 1, SIM_NEVER);
    tell(probe, 3, "R", 0, 0, 0, SIM_NEVER); /* the same name: as they came */
    tell(probe, 3, "AR", 0xffffffff00000010, 15, 0, 2);
    tell(probe, 4, "AR", 0x20, 255, 0, 4);
    bench_close(trace, 100000);
    bench_expect(&b, "events.csv",
                 HEAD "3,AR,0xffffffff00000010,15,0,2\n"
                      "3,R,0x1,0,1,-1\n"
                      "3,R,0x0,0,0,-1\n"
                      "3,RM_RESET,0x0,0,0,-1\n"
                      "3,RESETN_HI,0x0,0,0,-1\n"
                      "4,AR,0x20,255,0,4\n");
    bench_done(&b);
}
END_TEST

START_TEST(events_without_a_place_in_the_order_are_left_out)
{
    struct bench b;
    bench_init(&b);
    struct probe *probe = bench_probe(&b, "dma", &event_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.events = true});
    tell(probe, 1, "AR_", 0, 0, 0, SIM_NEVER);
    tell(probe, 1, "RM", 0, 0, 0, SIM_NEVER);
    tell(probe, 1, "POKE", 0x40, UINT32_MAX, 0, SIM_NEVER); /* len is signed */
    bench_close(trace, 100000);
    bench_expect(&b, "events.csv", HEAD "1,POKE,0x40,-1,0,-1\n");
    bench_done(&b);
}
END_TEST

START_TEST(a_system_without_events_is_an_error_and_leaves_nothing)
{
    struct bench b;
    struct trace *trace;
    struct dmasim_error error;
    bench_init(&b);
    struct trace_options options = {.events = true, .summary = true, .transfers = true};
    ck_assert_int_eq(trace_open(&trace, &b.system, &options, b.dir, &error), DMASIM_INVALID);
    ck_assert_ptr_null(trace);
    ck_assert_str_eq(error.text,
                     "no events: the scenario has no controller that tells them (adi,axi-dmac)");
    ck_assert_uint_eq(bench_files(&b), 0);
    bench_done(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        events_of_a_cycle_stand_in_the_order_of_the_recordings,
        events_without_a_place_in_the_order_are_left_out,
        a_system_without_events_is_an_error_and_leaves_nothing,
    };
    return bench_run("events", tests, COUNT(tests));
}
