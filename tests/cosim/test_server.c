/* SPDX-License-Identifier: BSD-2-Clause */
/* test_server: a guest that behaves, and guests that do not, at a server with a real model behind it. */
#include "fake_guest.h"

static void boot(struct fake_guest *guest, const struct board_options *options)
{
    fake_start(guest, options);
    fake_boot(guest);
}

/* The guest goes, as it should; what the server has told. */
static char *leave(struct fake_guest *guest)
{
    int code;
    char *text = fake_end(guest, &code);
    ck_assert_msg(code == SERVER_GONE, "%s", text);
    return text;
}

/* The server has ended with an error that has these words. */
static void ends_with(struct fake_guest *guest, const char *words)
{
    int code;
    char *text = fake_end(guest, &code);
    ck_assert_msg(code == SERVER_BAD && strstr(text, words), "code %d: %s", code, text);
    free(text);
}

START_TEST(a_copy_by_registers_is_interrupted_at_the_nanosecond_of_its_end)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    ck_assert_uint_eq(fake_config(&guest, 0), 0x08278086);
    ck_assert_uint_eq(fake_read(&guest, 0x3f8), 0x44571110); /* DMA_COMP_TYPE */
    fake_time(&guest, CALENDAR_UPDATE, 0);
    fake_wait(&guest, 1000);
    ck_assert_uint_eq(guest.now, 1000);
    fake_copy(&guest, 1000);
    ck_assert(fake_wait(&guest, 1000000000));
    const uint64_t end = guest.interrupt_ns[0];
    ck_assert(fake_copied(&guest, 1000));
    fake_serve_interrupt(&guest);
    ck_assert(!fake_wait(&guest, guest.now + 100000));
    ck_assert_uint_eq(guest.interrupts, 1);
    free(leave(&guest));

    /* The same accesses, straight on the model. */
    struct dmasim_error error;
    struct dmasim *sim = dmasim_create_text(
        fake_scenario, strlen(fake_scenario), "fake", NULL,
        &(struct dmasim_options){.overrides = (const char *const[]){"memories.ram.base=0x600000"},
                                 .override_count = 1},
        &error);
    ck_assert_ptr_nonnull(sim);
    const uint32_t base = (uint32_t)GUEST_BASE;
    const uint32_t item[] = {base + FAKE_SOURCE, base + FAKE_TARGET, 0, 0x21, 1000};
    dmasim_advance(sim, 1000000);
    ck_assert_int_eq(dmasim_bus_write(sim, "ahb", base + FAKE_ITEM, item, sizeof item), DMASIM_OK);
    const uint32_t writes[][2] = {{0x398, 1},         {0x40, 0x60},   {0x44, 2},
                                  {0x310, 0x101},     {0x330, 0x101}, {0x10, base + FAKE_ITEM},
                                  {0x18, 0x18000000}, {0x1c, 0},      {0x3a0, 0x101}};
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        struct dmasim_access access = {.address = 0xF0000000 + writes[i][0],
                                       .size_bytes = 4,
                                       .write = true,
                                       .value = writes[i][1]};
        ck_assert_int_eq(dmasim_access(sim, dmasim_now(sim), &access), DMASIM_OK);
    }
    const struct dmasim_watch watch = {.stop = true};
    dmasim_watch_interrupt(sim, &watch);
    dmasim_run(sim, DMASIM_NEVER, NULL);
    ck_assert_uint_eq((dmasim_now(sim) + 999) / 1000, end);
    dmasim_destroy(sim);
}
END_TEST

/* One copy and its interrupt; the server's log. */
static char *one_copy(const struct board_options *options, uint64_t *interrupt_ns)
{
    struct fake_guest guest;
    boot(&guest, options);
    fake_wait(&guest, 1000);
    fake_copy(&guest, 500);
    fake_wait(&guest, 10000000);
    *interrupt_ns = guest.interrupts ? guest.interrupt_ns[0] : 0;
    if (guest.interrupts)
        fake_serve_interrupt(&guest);
    fake_wait(&guest, guest.now + 50000);
    return leave(&guest);
}

START_TEST(two_runs_of_the_same_are_the_same)
{
    uint64_t at[2];
    char *texts[2];
    for (int i = 0; i < 2; i++)
        texts[i] = one_copy(NULL, &at[i]);
    ck_assert_uint_ne(at[0], 0);
    ck_assert_uint_eq(at[0], at[1]);
    ck_assert_str_eq(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
}
END_TEST

START_TEST(accesses_take_their_cycles)
{
    const struct board_options slow = {.read_cycles = 4, .write_cycles = 3};
    uint64_t at[2];
    free(one_copy(NULL, &at[0]));
    char *text = one_copy(&slow, &at[1]);
    /* Nine writes of 30 ns, the last of which starts the channel: at 270 ns instead of 0. */
    ck_assert_uint_eq(at[1], at[0] + 270);
    ck_assert_ptr_nonnull(strstr(text, "1030000 W f0000398"));
    ck_assert_ptr_nonnull(strstr(text, "1270000 W f00003a0"));
    free(text);
}
END_TEST

START_TEST(a_read_that_is_a_microsecond_ahead_is_answered_when_the_guest_is_there)
{
    const struct board_options slow = {.read_cycles = 60}; /* 600 ns */
    struct fake_guest guest;
    boot(&guest, &slow);
    fake_wait(&guest, 1000);
    const uint16_t used = fake_used(&guest);
    fake_read(&guest, 0x3a0); /* 600 ns ahead */
    ck_assert_uint_eq(fake_used(&guest), used + 1);
    fake_read(&guest, 0x3a0); /* 1200 ns ahead: less than 1000 from 1201 ns on */
    ck_assert_uint_eq(fake_used(&guest), used + 1);
    fake_wait(&guest, 1200);
    ck_assert_uint_eq(fake_used(&guest), used + 1);
    fake_wait(&guest, 1201);
    ck_assert_uint_eq(fake_used(&guest), used + 2);
    free(leave(&guest));
}
END_TEST

START_TEST(a_level_that_stays_high_is_told_again_after_a_write_only)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    fake_copy(&guest, 100);
    ck_assert(fake_wait(&guest, 1000000));
    ck_assert(!fake_wait(&guest, guest.now + 1000000)); /* nobody has served it: told once */
    fake_write(&guest, 0x338, 2);                       /* of another channel */
    const uint64_t written = guest.now;
    ck_assert(fake_wait(&guest, guest.now + 1000000));
    ck_assert_uint_eq(guest.interrupt_ns[1], written + 40); /* four cycles */
    fake_serve_interrupt(&guest);
    ck_assert(!fake_wait(&guest, guest.now + 1000000));
    free(leave(&guest));
}
END_TEST

START_TEST(posted_writes_are_given_back_when_the_guest_waits)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    for (int i = 0; i < 150; i++)
        fake_write(&guest, 0x398, 1);
    ck_assert_uint_eq(fake_used(&guest), 0);
    fake_wait(&guest, 10);
    ck_assert_uint_eq(fake_used(&guest), 150);
    for (int i = 0; i < 199; i++)
        fake_write(&guest, 0x398, 1);
    ck_assert_uint_eq(fake_used(&guest), 150);
    fake_write(&guest, 0x398, 1); /* the queue would be full soon */
    ck_assert_uint_eq(fake_used(&guest), 350);
    free(leave(&guest));
}
END_TEST

START_TEST(an_interrupt_that_a_fault_takes_away_does_not_come)
{
    const struct board_options fault = {.lose_interrupt = 1};
    uint64_t at;
    char *text = one_copy(&fault, &at);
    ck_assert_uint_eq(at, 0);
    ck_assert_ptr_nonnull(strstr(text, " lost "));
    free(text);
}
END_TEST

START_TEST(a_bit_that_a_fault_flips_is_the_last_byte_s)
{
    const struct board_options fault = {.flip_register = "CH0_DAR"};
    struct fake_guest guest;
    boot(&guest, &fault);
    fake_copy(&guest, 100);
    ck_assert(fake_wait(&guest, 1000000));
    ck_assert(!fake_copied(&guest, 100));
    guest.ram[FAKE_TARGET + 399] ^= 1;
    ck_assert(fake_copied(&guest, 100));
    fake_serve_interrupt(&guest);
    free(leave(&guest));
}
END_TEST

START_TEST(the_second_function_takes_marks_and_lines)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    const int first = guest.device_fd;
    guest.device_fd =
        fake_connect(&guest, "devices"); /* the control function, on the same queues */
    const uint64_t table[] = {1, GUEST_BASE, GUEST_BYTES, GUEST_BASE, 0};
    fake_request(&guest, VHOST_SET_MEM_TABLE, table, sizeof table, guest.memory_fd);
    const uint32_t places[] = {0, GUEST_PLACES}, on[] = {0, 1};
    const uint64_t address[] = {0, GUEST_BASE + AT_DESC, GUEST_BASE + AT_USED,
                                GUEST_BASE + AT_AVAIL, 0};
    fake_request(&guest, VHOST_SET_VRING_NUM, places, 8, -1);
    fake_request(&guest, VHOST_SET_VRING_ADDR, address, sizeof address, -1);
    fake_request(&guest, VHOST_SET_VRING_ENABLE, on, 8, -1);
    ck_assert_uint_eq(fake_config(&guest, 0), 0x0002d3a5);
    fake_write(&guest, 0, 1);
    fake_command(&guest, 4, 0, 4, "here", 4, false);
    fake_command(&guest, 4, 0, 4, "", 1, false);
    fake_write(&guest, 0, 0);
    fake_wait(&guest, 1234);
    fake_command(&guest, 4, 0, 0x100, "\0\0\0\0first\0", 10, false);
    fake_command(&guest, 4, 0, 0x100, "\1\0\0\0second", 10, false);
    fake_command(&guest, 4, 0, 0x100, "\1\0\0", 3, false); /* no number */
    fake_command(&guest, 4, 0, 0x100, "\5\0\0\0fifth", 9, false);
    fake_command(&guest, 4, 0, 0x100, "\6\0\0\0", 4, false);
    fake_command(&guest, 4, 0, 0x100, "\0\0\0\0anew", 8, false);
    fake_command(&guest, 4, 0, 0x100, "\1\0\0\0end", 7, false);
    close(first);
    char *text = leave(&guest);
    const char *on_at = strstr(text, "trace 1\n"), *line = strstr(text, " here\n");
    ck_assert(on_at && line && on_at < line && strstr(line, "trace 0\n"));
    ck_assert_msg(strstr(text, "1234000 kernel 0 0 first\n1234000 kernel 0 0 second\n"
                               "1234000 kernel 0 0 (3 lines were lost)\n"
                               "1234000 kernel 0 0 fifth\n1234000 kernel 0 0 \n"
                               "1234000 kernel 0 0 anew\n1234000 kernel 0 0 end\n"),
                  "%s", text);
    free(text);
}
END_TEST

/* ---- guests that do not behave --------------------------------------------------------------- */

START_TEST(a_guest_that_vanishes_in_the_middle_of_a_message_ends_the_run)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    ck_assert_int_eq(send(guest.time_fd, "half", 4, MSG_NOSIGNAL), 4);
    int code;
    free(fake_end(&guest, &code));
    ck_assert_int_eq(code, SERVER_GONE);

    boot(&guest, NULL);
    ck_assert_int_eq(send(guest.device_fd, "half", 4, MSG_NOSIGNAL), 4);
    free(fake_end(&guest, &code));
    ck_assert_int_eq(code, SERVER_GONE);
}
END_TEST

START_TEST(a_guest_that_stops_in_the_middle_of_a_message_is_not_waited_for)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    ck_assert_int_eq(send(guest.device_fd, "half", 4, MSG_NOSIGNAL), 4);
    ck_assert_uint_eq(fake_answer(&guest), UINT64_MAX);
    ends_with(&guest, "stopped in the middle of a message of dma");
}
END_TEST

START_TEST(a_guest_that_says_nothing_is_not_waited_for)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    ck_assert_uint_eq(fake_answer(&guest), UINT64_MAX);
    ends_with(&guest, "not been heard of");
}
END_TEST

START_TEST(a_guest_that_does_not_answer_an_interrupt_is_not_waited_for)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    fake_copy(&guest, 100);
    fake_time(&guest, CALENDAR_REQUEST, 1000000);
    fake_time(&guest, CALENDAR_WAIT, 0);
    ck_assert_uint_eq(fake_answer(&guest), UINT64_MAX);
    ends_with(&guest, "does not answer");
}
END_TEST

START_TEST(time_may_go_on_up_to_what_was_granted)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    fake_wait(&guest, 1000);
    fake_copy(&guest, 100); /* FREE_UNTIL is the model's next output: some nanoseconds */
    const struct calendar_message message = {CALENDAR_UPDATE, 99, 100000000};
    ck_assert_int_eq(send(guest.time_fd, &message, sizeof message, MSG_NOSIGNAL), sizeof message);
    ck_assert_uint_eq(fake_answer(&guest), UINT64_MAX);
    ends_with(&guest, "not allowed to go");
}
END_TEST

/* A command whose descriptors are as the case has them; what is said of them. */
static const struct {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
    const char *words;
} chains[] = {
    {GUEST_BASE - 1, 16, 0, 0, "outside guest memory"},
    {GUEST_BASE + GUEST_BYTES - 15, 16, 0, 0, "outside guest memory"},
    {UINT64_MAX - 7, 16, 0, 0, "outside guest memory"},
    {GUEST_BASE, UINT32_MAX, 0, 0, "outside guest memory"},
    {GUEST_BASE + 0x80000, 16, 1, 0, "without an end"},
    {GUEST_BASE + 0x80000, 16, 1, 256, "descriptor that is not there"},
    {GUEST_BASE + 0x80000, 16, 4, 0, "indirect"},
    {GUEST_BASE + 0x80000, 15, 0, 0, "too short"},
    {GUEST_BASE + 0x80000, 8193, 0, 0, "too long"},
    {GUEST_BASE + 0x80000, 8193, 2, 0, "too much room"},
    {GUEST_BASE + 0x80000, 16, 0, 0, "of no size"}, /* memory of zeros */
};

START_TEST(a_chain_that_makes_no_sense_is_refused)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    fake_descriptor(&guest, 0, 0, chains[_i].address, chains[_i].length, chains[_i].flags,
                    chains[_i].next);
    fake_put(&guest, AT_AVAIL + 2, &(uint16_t){1}, 2);
    const uint32_t kick[] = {VHOST_COMMANDS, 0};
    ck_assert_uint_eq(fake_request(&guest, VHOST_VRING_KICK, kick, 8, -1), UINT64_MAX);
    ends_with(&guest, chains[_i].words);
}
END_TEST

START_TEST(a_queue_with_too_many_entries_is_refused)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    fake_put(&guest, AT_AVAIL + 2, &(uint16_t){GUEST_PLACES + 1}, 2);
    const uint32_t kick[] = {VHOST_COMMANDS, 0};
    ck_assert_uint_eq(fake_request(&guest, VHOST_VRING_KICK, kick, 8, -1), UINT64_MAX);
    ends_with(&guest, "more entries than it has places");
}
END_TEST

/* A message for a device; what is said of it. */
static const struct {
    uint32_t request, size;
    uint64_t payload[5];
    const char *words;
} requests[] = {
    {99, 0, {0}, "not understood"},
    {VHOST_SET_VRING_NUM, 4, {0}, "too short"},
    {VHOST_SET_VRING_NUM, 8, {UINT64_C(257) << 32}, "power of two"},
    {VHOST_SET_VRING_NUM, 8, {UINT64_C(0) << 32}, "power of two"},
    {VHOST_SET_VRING_NUM, 8, {UINT64_C(256) << 32 | 2}, "queue that there is not"},
    {VHOST_SET_FEATURES, 8, {1}, "not offered"},
    {VHOST_SET_PROTOCOL_FEATURES, 8, {0}, "are needed"},
    {VHOST_SET_MEM_TABLE, 40, {2}, "one region"},
    {VHOST_SET_MEM_TABLE, 40, {1}, "one region"}, /* no file */
    {VHOST_SET_BACKEND_REQ_FD, 0, {0}, "no file"},
};

START_TEST(a_message_that_makes_no_sense_is_refused)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    ck_assert_uint_eq(
        fake_request(&guest, requests[_i].request, requests[_i].payload, requests[_i].size, -1),
        UINT64_MAX);
    ends_with(&guest, requests[_i].words);
}
END_TEST

START_TEST(memory_that_is_taken_away_ends_the_run)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    fake_copy(&guest, 1000);
    ck_assert_int_eq(ftruncate(guest.memory_fd, 0x30000), 0); /* the queues stay */
    fake_time(&guest, CALENDAR_REQUEST, 1000000);
    fake_time(&guest, CALENDAR_WAIT, 0);
    ck_assert_uint_eq(fake_answer(&guest), UINT64_MAX);
    ends_with(&guest, "taken its memory away");
}
END_TEST

START_TEST(register_garbage_is_answered_with_ones)
{
    struct fake_guest guest;
    boot(&guest, NULL);
    ck_assert_uint_eq(fake_read(&guest, 0x2000), UINT32_MAX);
    fake_write(&guest, 0x2000, 1);
    uint8_t *answer = fake_command(&guest, 3, 5, 0, NULL, 4, true); /* no such BAR */
    ck_assert_int_eq(memcmp(answer, "\xff\xff\xff\xff", 4), 0);
    answer = fake_command(&guest, 1, 0, 0xfffffff0, NULL, 4, true);
    ck_assert_int_eq(memcmp(answer, "\xff\xff\xff\xff", 4), 0);
    fake_copy(&guest, 10); /* it still works */
    ck_assert(fake_wait(&guest, 1000000));
    fake_serve_interrupt(&guest);
    free(leave(&guest));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server");
    TCase *tests = tcase_create("all");
    const TTest *const list[] = {
        a_copy_by_registers_is_interrupted_at_the_nanosecond_of_its_end,
        two_runs_of_the_same_are_the_same,
        accesses_take_their_cycles,
        a_read_that_is_a_microsecond_ahead_is_answered_when_the_guest_is_there,
        a_level_that_stays_high_is_told_again_after_a_write_only,
        posted_writes_are_given_back_when_the_guest_waits,
        an_interrupt_that_a_fault_takes_away_does_not_come,
        a_bit_that_a_fault_flips_is_the_last_byte_s,
        the_second_function_takes_marks_and_lines,
        a_guest_that_vanishes_in_the_middle_of_a_message_ends_the_run,
        a_guest_that_stops_in_the_middle_of_a_message_is_not_waited_for,
        a_guest_that_says_nothing_is_not_waited_for,
        a_guest_that_does_not_answer_an_interrupt_is_not_waited_for,
        time_may_go_on_up_to_what_was_granted,
        a_queue_with_too_many_entries_is_refused,
        memory_that_is_taken_away_ends_the_run,
        register_garbage_is_answered_with_ones,
    };
    tcase_set_timeout(tests, 60);
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        tcase_add_test(tests, list[i]);
    tcase_add_loop_test(tests, a_chain_that_makes_no_sense_is_refused, 0,
                        sizeof chains / sizeof chains[0]);
    tcase_add_loop_test(tests, a_message_that_makes_no_sense_is_refused, 0,
                        sizeof requests / sizeof requests[0]);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
