/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace_fixture.h"

#define HEADER                                                                                     \
    "controller,channel,name,call,mode,bytes,status,submit_ps,issue_ps,first_beat_ps,"             \
    "last_beat_ps,interrupt_ps,callback_ps,submit_cycle,issue_cycle,first_beat_cycle,"             \
    "last_beat_cycle,interrupt_cycle,callback_cycle,data_beats,descriptor_beats,"                  \
    "cpu_accesses,cpu_stall_cycles\n"

struct rig {
    struct bench b;
    struct probe *beats, *transfers, *accesses;
    struct trace *trace;
};

/* Beats on the fast clock (10 ns), transfers published on the slow. */
static void rig_init(struct rig *self)
{
    bench_init(&self->b);
    self->beats = bench_probe(&self->b, "dma", &dma_beat_probe_type, 0, NULL);
    self->transfers = bench_probe(&self->b, "cpu", &transfer_probe_type, 1, NULL);
    self->accesses = bench_probe(&self->b, "cpu", &cpu_access_probe_type, 0, NULL);
    self->trace = bench_open(&self->b, (struct trace_options){.transfers = true});
}

static void rig_expect(struct rig *self, const char *rows)
{
    bench_close(self->trace, 0);
    char *text = bench_read(&self->b, "transfers.csv");
    ck_assert_int_eq(strncmp(text, HEADER, strlen(HEADER)), 0);
    ck_assert_str_eq(text + strlen(HEADER), rows);
    free(text);
    bench_done(&self->b);
}

static void beat(struct rig *self, sim_cycle now, uint8_t channel, enum dma_purpose purpose)
{
    probe_publish(
        self->beats, now,
        &(struct dma_beat_record){
            .controller = "dma", .channel = channel, .purpose = (uint8_t)purpose, .bytes = 4});
}

static void transfer(struct rig *self, struct transfer_record record)
{
    record.controller = "dma";
    record.call = "memcpy";
    record.mode = "burst";
    if (!record.status)
        record.status = "complete";
    probe_publish(self->transfers, (record.callback_ps - 5000) / 25000, &record);
}

static void cpu_access(struct rig *self, sim_cycle now, uint32_t stall_cycles)
{
    probe_publish(self->accesses, now, &(struct cpu_access_record){.stall_cycles = stall_cycles});
}

START_TEST(stalls_of_the_cpu_count_from_the_first_to_the_last_beat)
{
    struct rig r;
    rig_init(&r);
    cpu_access(&r, 1, 1000); /* before */
    beat(&r, 2, 0, DMA_SOURCE);
    cpu_access(&r, 3, 5);
    cpu_access(&r, 4, 0);
    cpu_access(&r, 5, 7);
    beat(&r, 6, 0, DMA_DESTINATION);
    cpu_access(&r, 7, 100); /* behind */
    transfer(&r, (struct transfer_record){.name = "a",
                                          .bytes = 4,
                                          .submit_ps = 0,
                                          .issue_ps = 0,
                                          .interrupt_ps = 80000,
                                          .callback_ps = 105000});
    rig_expect(&r, "dma,0,a,memcpy,burst,4,complete,0,0,20000,60000,80000,105000,"
                   "0,0,2,6,8,10,2,0,3,12\n");
}
END_TEST

static void told(struct rig *self, sim_cycle now, struct transfer_beats beats)
{
    transfer(self,
             (struct transfer_record){.name = "t",
                                      .channel = 3, /* no matter: its beats are of channel 0 */
                                      .bytes = 4,
                                      .interrupt_ps = SIM_NEVER,
                                      .callback_ps = now * 10000 + 5000,
                                      .beats = &beats});
}

/* b reads while a writes; c begins behind b's end, and its first beat is more than the ring back. */
START_TEST(stalls_count_for_each_of_the_transfers_that_are_told)
{
    struct rig r;
    rig_init(&r);
    beat(&r, 2, 0, DMA_SOURCE); /* a */
    cpu_access(&r, 3, 5);
    beat(&r, 4, 0, DMA_SOURCE); /* b */
    cpu_access(&r, 5, 7);
    beat(&r, 6, 0, DMA_DESTINATION); /* a */
    told(&r, 7, (struct transfer_beats){20000, 60000, 40000, 2, 0});
    cpu_access(&r, 7, 11);
    beat(&r, 8, 0, DMA_DESTINATION); /* b */
    told(&r, 9, (struct transfer_beats){40000, 80000, SIM_NEVER, 2, 0});
    cpu_access(&r, 9, 100);
    for (sim_cycle now = 10; now < 10010; now++)
        beat(&r, now, 0, DMA_SOURCE); /* c */
    cpu_access(&r, 10010, 13);
    beat(&r, 10011, 0, DMA_DESTINATION);
    told(&r, 10012, (struct transfer_beats){100000, 100110000, SIM_NEVER, 10001, 0});
    rig_expect(&r, "dma,3,t,memcpy,burst,4,complete,0,0,20000,60000,,75000,"
                   "0,0,2,6,,7,2,0,2,12\n"
                   "dma,3,t,memcpy,burst,4,complete,0,0,40000,80000,,95000,"
                   "0,0,4,8,,9,2,0,2,18\n"
                   "dma,3,t,memcpy,burst,4,complete,0,0,100000,100110000,,100125000,"
                   "0,0,10,10011,,10012,10001,0,1,13\n");
}
END_TEST

/* b begins before a's end and is longer than the ring: its first beat is kept. That of c, which nobody told of
 * before, is not, so nothing is said of its accesses. */
START_TEST(a_first_beat_is_kept_from_the_end_of_the_transfer_before_on)
{
    struct rig r;
    rig_init(&r);
    beat(&r, 1, 0, DMA_SOURCE); /* a */
    cpu_access(&r, 2, 5);
    beat(&r, 3, 0, DMA_SOURCE);      /* b */
    beat(&r, 4, 0, DMA_DESTINATION); /* a */
    told(&r, 5, (struct transfer_beats){10000, 40000, 30000, 2, 0});
    cpu_access(&r, 6, 7);
    for (sim_cycle now = 10; now < 10010; now++)
        beat(&r, now, 0, DMA_SOURCE); /* b, and c from 20 on */
    told(&r, 10010, (struct transfer_beats){30000, 100090000, SIM_NEVER, 10001, 0});
    told(&r, 10012, (struct transfer_beats){200000, 100090000, SIM_NEVER, 5000, 0});
    rig_expect(&r, "dma,3,t,memcpy,burst,4,complete,0,0,10000,40000,,55000,"
                   "0,0,1,4,,5,2,0,1,5\n"
                   "dma,3,t,memcpy,burst,4,complete,0,0,30000,100090000,,100105000,"
                   "0,0,3,10009,,10010,10001,0,1,7\n"
                   "dma,3,t,memcpy,burst,4,complete,0,0,200000,100090000,,100125000,"
                   "0,0,20,10009,,10012,5000,0,,\n");
}
END_TEST

START_TEST(first_and_last_beat_are_those_of_data)
{
    struct rig r;
    rig_init(&r);
    beat(&r, 10, 2, DMA_DESCRIPTOR);
    beat(&r, 12, 2, DMA_SOURCE);
    beat(&r, 13, 1, DMA_SOURCE); /* of another channel */
    beat(&r, 14, 2, DMA_DESTINATION);
    beat(&r, 15, 2, DMA_WRITEBACK);
    transfer(&r, (struct transfer_record){.name = "copy",
                                          .channel = 2,
                                          .bytes = 4,
                                          .submit_ps = 50000,
                                          .issue_ps = 75000,
                                          .interrupt_ps = 160000,
                                          .callback_ps = 205000});
    rig_expect(&r, "dma,2,copy,memcpy,burst,4,complete,"
                   "50000,75000,120000,140000,160000,205000,5,7,12,14,16,20,2,2,0,0\n");
}
END_TEST

START_TEST(beats_of_the_next_transfer_before_the_callback_are_not_taken)
{
    struct rig r;
    rig_init(&r);
    beat(&r, 1, 0, DMA_SOURCE);
    beat(&r, 2, 0, DMA_DESTINATION);
    beat(&r, 5, 0, DMA_SOURCE);
    beat(&r, 6, 0, DMA_DESTINATION);
    transfer(&r, (struct transfer_record){.name = "a",
                                          .bytes = 4,
                                          .submit_ps = 0,
                                          .issue_ps = 0,
                                          .interrupt_ps = 70000,
                                          .callback_ps = 80000});
    beat(&r, 9, 0, DMA_SOURCE);
    beat(&r, 10, 0, DMA_DESTINATION);
    transfer(&r, (struct transfer_record){.name = "b",
                                          .bytes = 8,
                                          .submit_ps = 0,
                                          .issue_ps = 0,
                                          .interrupt_ps = 110000,
                                          .callback_ps = 130000});
    rig_expect(&r, "dma,0,a,memcpy,burst,4,complete,0,0,10000,20000,70000,80000,"
                   "0,0,1,2,7,8,2,0,0,0\n"
                   "dma,0,b,memcpy,burst,8,complete,0,0,50000,100000,110000,130000,"
                   "0,0,5,10,11,13,4,0,0,0\n");
}
END_TEST

START_TEST(two_transfers_of_one_interrupt_are_told_apart_by_their_bytes)
{
    struct rig r;
    rig_init(&r);
    for (sim_cycle n = 10; n < 14; n++)
        beat(&r, n, 0, DMA_DESTINATION);
    struct transfer_record both = {.name = "a",
                                   .bytes = 4,
                                   .submit_ps = 0,
                                   .issue_ps = SIM_NEVER,
                                   .interrupt_ps = 200000,
                                   .callback_ps = 230000};
    transfer(&r, both);
    both.name = "b";
    both.bytes = 12;
    transfer(&r, both);
    rig_expect(&r, "dma,0,a,memcpy,burst,4,complete,0,,100000,100000,200000,230000,"
                   "0,,10,10,20,23,1,0,0,0\n"
                   "dma,0,b,memcpy,burst,12,complete,0,,110000,130000,200000,230000,"
                   "0,,11,13,20,23,3,0,0,0\n");
}
END_TEST

START_TEST(a_stopped_transfer_ends_with_its_last_beat_before_the_callback)
{
    struct rig r;
    rig_init(&r);
    beat(&r, 1, 0, DMA_SOURCE);
    beat(&r, 2, 0, DMA_DESTINATION);
    beat(&r, 3, 0, DMA_SOURCE);
    transfer(&r, (struct transfer_record){.name = "a",
                                          .bytes = 400,
                                          .status = "stopped",
                                          .submit_ps = 0,
                                          .issue_ps = 0,
                                          .interrupt_ps = SIM_NEVER,
                                          .callback_ps = 55000});
    rig_expect(&r, "dma,0,a,memcpy,burst,400,stopped,0,0,10000,30000,,55000,"
                   "0,0,1,3,,5,3,0,0,0\n");
}
END_TEST

START_TEST(a_failed_transfer_ends_with_its_last_beat_up_to_the_interrupt)
{
    struct rig r;
    rig_init(&r);
    beat(&r, 1, 0, DMA_SOURCE);
    beat(&r, 3, 0, DMA_SOURCE); /* at the interrupt itself */
    beat(&r, 4, 0, DMA_SOURCE); /* of the next */
    transfer(&r, (struct transfer_record){.name = "a",
                                          .bytes = 400,
                                          .status = "error",
                                          .submit_ps = 0,
                                          .issue_ps = 0,
                                          .interrupt_ps = 30000,
                                          .callback_ps = 55000});
    rig_expect(&r, "dma,0,a,memcpy,burst,400,error,0,0,10000,30000,30000,55000,"
                   "0,0,1,3,3,5,2,0,0,0\n");
}
END_TEST

START_TEST(a_transfer_without_beats_has_empty_times)
{
    struct rig r;
    rig_init(&r);
    transfer(&r, (struct transfer_record){.name = "a",
                                          .channel = 3,
                                          .bytes = 0,
                                          .status = "error",
                                          .submit_ps = 5000,
                                          .issue_ps = SIM_NEVER,
                                          .interrupt_ps = SIM_NEVER,
                                          .callback_ps = 55000});
    rig_expect(&r, "dma,3,a,memcpy,burst,0,error,5000,,,,,55000,0,,,,,2,0,0,0,0\n");
}
END_TEST

START_TEST(a_transfer_longer_than_the_memory_of_beats_keeps_its_first_and_last)
{
    struct rig r;
    rig_init(&r);
    const sim_cycle count = 100000;
    for (sim_cycle n = 1; n <= count; n++)
        beat(&r, n, 0, n % 2 ? DMA_SOURCE : DMA_DESTINATION);
    transfer(&r, (struct transfer_record){.name = "a",
                                          .bytes = count * 2,
                                          .submit_ps = 0,
                                          .issue_ps = 0,
                                          .interrupt_ps = (count + 2) * 10000,
                                          .callback_ps = (count + 3) * 10000 + 5000});
    rig_expect(&r, "dma,0,a,memcpy,burst,200000,complete,0,0,10000,1000000000,1000020000,"
                   "1000035000,0,0,1,100000,100002,100003,100000,0,0,0\n");
}
END_TEST

/* One beat of 4 bytes at 20 ns, the next at 60 ns, clock of 10 ns: 8 bytes over 50 ns are 160 MB/s while they
 * move, but the call was issued at 5 ns and called back at 405 ns: 20 MB/s. The failed one moved no such bytes. */
START_TEST(the_table_tells_a_rate_from_issue_to_end_and_that_of_the_beats_beside_it)
{
    struct rig r;
    rig_init(&r);
    beat(&r, 2, 0, DMA_DESTINATION);
    beat(&r, 6, 0, DMA_DESTINATION);
    transfer(&r, (struct transfer_record){.name = "a",
                                          .bytes = 8,
                                          .submit_ps = 0,
                                          .issue_ps = 5000,
                                          .interrupt_ps = 80000,
                                          .callback_ps = 405000});
    transfer(&r, (struct transfer_record){.name = "b",
                                          .bytes = 400,
                                          .status = "error",
                                          .submit_ps = 0,
                                          .issue_ps = 5000,
                                          .interrupt_ps = SIM_NEVER,
                                          .callback_ps = 805000});
    struct dmasim_error error = {0};
    ck_assert_int_eq(trace_close(r.trace, 0, &error), DMASIM_OK);
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    trace_print(r.trace, to);
    fclose(to);
    const char *a = strstr(text, "\na "), *b = strstr(text, "\nb ");
    ck_assert_ptr_nonnull(a);
    ck_assert_ptr_nonnull(b);
    char mode[16], rate[16], beats[16];
    unsigned bytes, cycles;
    ck_assert_int_eq(sscanf(a, " a %15s %u %u %15s %15s", mode, &bytes, &cycles, rate, beats), 5);
    ck_assert_uint_eq(bytes, 8);
    ck_assert_uint_eq(cycles, 40);
    ck_assert_str_eq(rate, "20.00");
    ck_assert_str_eq(beats, "160.0");
    ck_assert_int_eq(sscanf(b, " b %15s %u %u %15s %15s", mode, &bytes, &cycles, rate, beats), 5);
    ck_assert_uint_eq(cycles, 80);
    ck_assert_str_eq(rate, "-");
    ck_assert_str_eq(beats, "-");
    free(text);
    trace_free(r.trace);
    bench_done(&r.b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_table_tells_a_rate_from_issue_to_end_and_that_of_the_beats_beside_it,
        first_and_last_beat_are_those_of_data,
        stalls_of_the_cpu_count_from_the_first_to_the_last_beat,
        a_first_beat_is_kept_from_the_end_of_the_transfer_before_on,
        stalls_count_for_each_of_the_transfers_that_are_told,
        beats_of_the_next_transfer_before_the_callback_are_not_taken,
        two_transfers_of_one_interrupt_are_told_apart_by_their_bytes,
        a_stopped_transfer_ends_with_its_last_beat_before_the_callback,
        a_failed_transfer_ends_with_its_last_beat_up_to_the_interrupt,
        a_transfer_without_beats_has_empty_times,
        a_transfer_longer_than_the_memory_of_beats_keeps_its_first_and_last,
    };
    return bench_run("transfers", tests, COUNT(tests));
}
