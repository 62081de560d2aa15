/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_events: recorded cases of the ADI AXI DMAC as scenario files, through `dmasim run --trace events`.
 * events.csv has to be the recording, byte for byte.
 */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "cli/cli.h"
#include "kernel/random.h"
#include "referee/adi_case.h"
#include "referee/adi_ports_case.h"
#include "suite.h"
#include "system.h"
#include "trace/csv/events.h"

#define GOLDEN SOURCE_DIR "/traces/golden/"
#define TEXT_BYTES ((size_t)1 << 22)
#define HEAD                                                                                       \
    "name: recorded\n"                                                                             \
    "clocks: { aclk: { frequency: 100 MHz } }\n"

struct bench {
    char dir[64];
    char *text;   /* of the scenario, then of events.csv */
    char *golden; /* of the recording */
    size_t used;
};

static void bench_init(struct bench *self)
{
    *self = (struct bench){.dir = "/tmp/dmasim-events-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(self->dir));
    self->text = malloc(TEXT_BYTES);
    self->golden = malloc(TEXT_BYTES);
    ck_assert(self->text && self->golden);
}

static void bench_done(struct bench *self)
{
    static const char *const files[] = {"case.yaml",      "memory.bin",   "events.csv",
                                        "events.one.csv", "events.b.csv", "scenario.resolved.yaml",
                                        ".dmasim-results"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", self->dir, files[i]);
        unlink(path);
    }
    ck_assert_int_eq(rmdir(self->dir), 0);
    free(self->text);
    free(self->golden);
}

static void put(struct bench *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct bench *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    self->used += (size_t)vsnprintf(self->text + self->used, TEXT_BYTES - self->used, format, args);
    va_end(args);
}

static void write_file(const struct bench *self, const char *name, const void *bytes, size_t length)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", self->dir, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

/* A file, compressed or not; false if there is none. */
static bool read_file(const char *path, char *text)
{
    gzFile file = gzopen(path, "rb");
    int length = file ? gzread(file, text, TEXT_BYTES - 1) : -1;
    if (file)
        gzclose(file);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

/* Runs the scenario and reads what it told; the exit code. */
static int run(struct bench *self, const char *mode, const char *file)
{
    char scenario[128], path[128];
    snprintf(scenario, sizeof scenario, "%s/case.yaml", self->dir);
    snprintf(path, sizeof path, "%s/%s", self->dir, file);
    unlink(path);
    char *argv[] = {(char[]){"run"},         scenario,
                    (char[]){"--trace"},     (char[]){"events"},
                    (char[]){"-q"},          (char[]){"--force"},
                    (char[]){"-o"},          self->dir,
                    (char *)(uintptr_t)mode, NULL};
    int code = cli_run(mode ? 9 : 8, argv);
    if (!read_file(path, self->text))
        self->text[0] = '\0';
    return code;
}

static char *line_end(char *line)
{
    char *end = strchr(line, '\n');
    ck_assert_ptr_nonnull(end);
    return end + 1;
}

/* Cuts the text where `cycle` begins. */
static void cut(char *text, sim_cycle cycle)
{
    char *line = line_end(text);
    while (*line && strtoull(line, NULL, 10) < cycle)
        line = line_end(line);
    *line = '\0';
}

static sim_cycle last_cycle(const char *text)
{
    const char *last = text + strlen(text) - 1;
    while (last > text && last[-1] != '\n')
        last--;
    return strtoull(last, NULL, 10);
}

static void expect_same(const struct bench *self, const char *name, const char *mode)
{
    if (strcmp(self->text, self->golden) == 0)
        return;
    const char *a = self->text, *b = self->golden;
    unsigned line = 1;
    while (strcspn(a, "\n") == strcspn(b, "\n") && strncmp(a, b, strcspn(a, "\n")) == 0 && *a) {
        a += strcspn(a, "\n") + 1;
        b += strcspn(b, "\n") + 1;
        line++;
    }
    ck_abort_msg("%s %s, line %u: %.*s, recorded %.*s", name, mode ? mode : "", line,
                 (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}

static const char *const modes[] = {"--every-cycle", "--reverse-order", "--snapshot-at=2us"};

/* ---- descriptors, streams, FIFOs, rows, unequal widths --------------------------------------- */

static void ports_devices(struct bench *self, const struct table *t, size_t row)
{
#define N(column) ((unsigned long long)adi_ports_number(t, row, column))
    static const char *const sources[] = {"", "axi-stream-source", "fifo-writer"};
    static const char *const sinks[] = {"", "axi-stream-sink", "fifo-reader"};
    const unsigned long long in = N("type_src"), out = N("type_dst"), seed = N("seed");
    if (!in && !out && !N("sync_per"))
        return;
    put(self, "peripherals:\n");
    if (in)
        put(self,
            "  source: { type: %s, controller: dma, period: %llu, from: %llu, beats: %llu,\n"
            "    stalls: { percent: %llu, seed: %llu }, pattern_seed: %llu",
            sources[in], N("p_k"), N("p_from"), N("p_total"), N("st_p"), seed, seed + 17);
    if (in == ADI_FIFO)
        put(self, ", gated: %s }\n", N("p_gate") ? "true" : "false");
    if (in == ADI_STREAM) {
        const char *packets = adi_ports_cell(t, row, "p_pkt");
        put(self, ", user_period: %llu, user_phase: %llu, packets: [", N("p_uper"), N("p_uph"));
        for (; *packets; packets++)
            put(self, "%c", *packets == ':' ? ',' : *packets);
        put(self, "] }\n");
    }
    if (out) {
        put(self,
            "  sink: { type: %s, controller: dma, period: %llu, from: %llu,\n"
            "    stalls: { percent: %llu, seed: %llu }",
            sinks[out], N("c_k"), N("c_from"), N("st_c"), seed);
        if (out == ADI_FIFO)
            put(self, ", gated: %s", N("c_gate") ? "true" : "false");
        put(self, " }\n");
    }
    if (N("sync_per"))
        put(self,
            "  sync: { type: sync-pulse, controller: dma, from: %llu, period: %llu, width: %llu "
            "}\n",
            N("sync_from"), N("sync_per"), N("sync_wid"));
}

static void ports_scenario(struct bench *self, const struct table *t, size_t row)
{
    static const char *const sides[] = {"memory", "stream", "fifo"};
    const unsigned long long in = N("type_src"), out = N("type_dst");
    self->used = 0;
    put(self,
        HEAD "buses:\n"
             "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"
             "  src: { type: axi, clock: aclk, width: %llu }\n"
             "  dest: { type: axi, clock: aclk, width: %llu }\n"
             "  sg: { type: axi, clock: aclk, width: 64 }\n",
        in ? 64 : N("dw_src"), out ? 64 : N("dw_dst"));
    put(self,
        "controllers:\n"
        "  dma: { type: 'adi,axi-dmac', bus: lite, base: 0, source: %s, destination: %s,\n"
        "    source_width: %llu, destination_width: %llu, two_d: %s, sync_start: %s,\n"
        "    tuser_sync: %s, max_bytes_per_burst: %llu, fifo_size: %llu, tlast_every_row: %s,\n"
        "    reset_cycles: 20%s%s%s }\n",
        sides[in], sides[out], N("dw_src"), N("dw_dst"), N("twod") ? "true" : "false",
        N("sync_start") ? "true" : "false", N("tuser_sync") ? "true" : "false", N("max_burst"),
        N("fifo_size"), N("tlast_mode") ? "true" : "false", in ? "" : ", source_bus: src",
        out ? "" : ", destination_bus: dest", N("sg") ? ", descriptor_bus: sg" : "");
    put(self,
        "masters:\n"
        "  host: { type: adi-script, bus: lite, controller: dma, limit: %llu,\n"
        "    script: '%s' }\n",
        N("limit"), adi_ports_cell(t, row, "script"));
    put(self,
        "memories:\n"
        "  memory: { type: axi-memory, bus: src, write_bus: dest, size: 2 MiB, read_latency: "
        "%llu,\n"
        "    write_latency: %llu, read_max: %llu, write_max: %llu, write_from: %llu,\n"
        "    stalls: { ar: %llu, r: %llu, aw: %llu, w: %llu, b: %llu, seed: %llu },\n"
        "    load: [ { file: memory.bin } ] }\n",
        N("rlat"), N("blat"), N("rdmax"), N("wrmax"), N("awfrom"), N("st_ar"), N("st_r"),
        N("st_aw"), N("st_w"), N("st_b"), N("seed"));
    if (N("sg"))
        put(self,
            "  descriptors: { type: axi-memory, bus: sg, shares: memory, size: 2 MiB,\n"
            "    read_latency: %llu, read_max: %llu,\n"
            "    stalls: { ar: %llu, r: %llu, seed: %llu, generator: 5 } }\n",
            N("sglat"), N("sgmax"), N("st_sgar"), N("st_sgr"), N("seed"));
    ports_devices(self, t, row);
    write_file(self, "case.yaml", self->text, self->used);
}

/* What the memory holds at first, by the referee's own hand. */
static void ports_memory(struct bench *self, const struct table *t, size_t row)
{
    struct adi_ports_case *wiring = calloc(1, sizeof *wiring);
    struct check check = {.fail = adi_case_fail};
    struct system system;
    ck_assert(adi_ports_case_row(wiring, t, row));
    ck_assert_int_eq(system_create(&system, &wiring->plan, 0, &check), DMASIM_OK);
    ck_assert(adi_ports_case_fill(wiring, &system, t, row));
    write_file(self, "memory.bin", store_bytes(system_built(&system, &wiring->stores[0]), NULL),
               ADI_PORTS_MEMORY_BYTES);
    system_free(&system);
    free(wiring);
}

static void ports_folder(const char *folder)
{
    struct bench bench;
    struct table t;
    char path[256];
    bench_init(&bench);
    snprintf(path, sizeof path, "adi_axi_dmac_ports/%s/cases.csv", folder);
    ck_assert(table_read(&t, SOURCE_DIR "/traces/golden", path));
    for (size_t row = 1; row < t.rows; row++) {
        const char *name = adi_ports_cell(&t, row, "case");
        if (*adi_ports_cell(&t, row, "poke"))
            continue; /* memory changed from outside */
        snprintf(path, sizeof path, GOLDEN "adi_axi_dmac_ports/%s/%s.csv.gz", folder, name);
        ck_assert_msg(read_file(path, bench.golden), "%s", path);
        ports_memory(&bench, &t, row);
        ports_scenario(&bench, &t, row);
        const char *mode = row % 4 ? modes[row % 4 - 1] : NULL;
        /* A device that lost data in the recording does so here. */
        ck_assert_int_le(run(&bench, mode, "events.csv"), CLI_FALSE);
        cut(bench.text, adi_ports_number(&t, row, "end_cycle"));
        expect_same(&bench, path, mode);
    }
    table_free(&t);
    bench_done(&bench);
}

static const char *const folders[] = {
    "cyclic",    "fifo_mm2s",  "fifo_s2mm",   "mm2s",    "mm2s_sync", "s2mm",
    "s2mm_sync", "s2mm_tlast", "sg2d_grid",   "sg_grid", "sg_hang",   "sg_misc",
    "sg_stop",   "sg_update",  "stream_misc", "twod",    "widths",
};

START_TEST(events_of_every_port_and_mode_are_the_recording)
{
    ports_folder(folders[_i]);
}
END_TEST

/* ---- memory to memory ------------------------------------------------------------------------ */

/* The older recordings know less of the core: those events only, `resp` without length and value, and
 * the internal reset in front of the other lines of its cycle. */
static void plain_form(char *text)
{
    char *copy = strdup(line_end(text)), *to = line_end(text);
    char name[32];
    ck_assert_ptr_nonnull(copy);
    for (const char *from = copy; *from;) {
        const unsigned long long cycle = strtoull(from, NULL, 10);
        const char *end = from;
        for (int resets = 1; resets >= 0; resets--) {
            for (end = from; *end && strtoull(end, NULL, 10) == cycle;) {
                const size_t length = strcspn(end, "\n") + 1;
                ck_assert_int_eq(sscanf(end, "%*u,%31[^,]", name), 1);
                const bool reset = strncmp(name, "RESETN_", 7) == 0;
                bool known = strncmp(name, "RM_", 3) == 0;
                for (unsigned i = 0; adi_memory_event_order[i]; i++)
                    known = known || strcmp(adi_memory_event_order[i], name) == 0;
                if (known && reset == (resets != 0)) {
                    if (strcmp(name, "resp") == 0)
                        to += sprintf(to, "%llu,resp,0x0,0,%.*s", cycle, 5, end + length - 5);
                    else
                        to += sprintf(to, "%.*s", (int)length, end);
                }
                end += length;
            }
        }
        from = end;
    }
    *to = '\0';
    free(copy);
}

static void memory_scenario(struct bench *self, const struct table *t, size_t row,
                            unsigned long long last)
{
    self->used = 0;
    put(self,
        HEAD "stop: %llu ns\n"
             "buses:\n"
             "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"
             "  axi: { type: axi, clock: aclk, width: %llu }\n",
        10 * (last + 2000), N("data_width_bits"));
    const char *slice = N("axi_slice") ? "true" : "false";
    put(self,
        "controllers:\n"
        "  dma: { type: 'adi,axi-dmac', bus: lite, base: 0, source_bus: axi, destination_bus: "
        "axi,\n"
        "    max_bytes_per_burst: %llu, fifo_size: %llu, source_slice: %s, destination_slice: %s,\n"
        "    two_d: %s, reset_cycles: 20 }\n",
        N("max_bytes_per_burst"), N("fifo_size"), slice, slice, N("dma_2d") ? "true" : "false");
    put(self,
        "masters:\n"
        "  host: { type: adi-sequence, bus: lite, controller: dma, sequence: %s, transfers: %llu,\n"
        "    length: %llu, source: %s, destination: %s, irq_mask: %llu",
        adi_ports_cell(t, row, "sequence"), N("transfers"), N("length_bytes"),
        adi_ports_cell(t, row, "src"), adi_ports_cell(t, row, "dst"), N("irq_mask"));
    if (*adi_ports_cell(t, row, "lengths")) {
        put(self, ", lengths: [");
        for (const char *c = adi_ports_cell(t, row, "lengths"); *c; c++)
            put(self, "%c", strchr(" ;:/|", *c) ? ',' : *c);
        put(self, "]");
    }
    if (*adi_ports_cell(t, row, "pause_at"))
        put(self, ", pause_at: %llu", N("pause_at"));
    if (*adi_ports_cell(t, row, "abort_at"))
        put(self, ", abort_at: %llu", N("abort_at"));
    put(self,
        " }\n"
        "memories:\n"
        "  memory: { type: axi-memory, bus: axi, size: 8 MiB, read_latency: %llu,\n"
        "    write_latency: %llu, read_max: %llu, write_max: %llu, write_from: %llu,\n"
        "    stalls: { ar: %llu, r: %llu, aw: %llu, w: %llu, b: %llu, seed: %llu } }\n",
        N("read_latency"), N("write_latency"), N("read_max"), N("write_max"), N("aw_from"),
        N("stall_ar"), N("stall_r"), N("stall_aw"), N("stall_w"), N("stall_b"), N("seed"));
    write_file(self, "case.yaml", self->text, self->used);
}

START_TEST(events_of_memory_to_memory_are_the_recording)
{
    struct bench bench;
    struct table t;
    char path[256];
    bench_init(&bench);
    ck_assert(table_read(&t, GOLDEN "adi_axi_dmac", "cases.csv"));
    for (size_t row = 1; row < t.rows; row++) {
        const char *outcome = adi_ports_cell(&t, row, "outcome");
        if (strcmp(outcome, "wrong AWLEN") == 0)
            continue; /* a recording that ends in the middle */
        snprintf(path, sizeof path, GOLDEN "adi_axi_dmac/%s/%s.csv",
                 adi_ports_cell(&t, row, "folder"), adi_ports_cell(&t, row, "case"));
        if (access(path, F_OK) != 0)
            strcat(path, ".gz");
        ck_assert_msg(read_file(path, bench.golden), "%s", path);
        memory_scenario(&bench, &t, row, last_cycle(bench.golden));
        const char *mode = row % 4 ? modes[row % 4 - 1] : NULL;
        const int code = run(&bench, mode, "events.csv");
        ck_assert_int_eq(code, strcmp(outcome, "completes") == 0 ? CLI_GOOD : CLI_FALSE);
        plain_form(bench.text);
        if (*adi_ports_cell(&t, row, "abort_at")) /* the run ends ahead of what is under way */
            cut(bench.golden, last_cycle(bench.text) + 1);
        expect_same(&bench, path, mode);
    }
    table_free(&t);
    bench_done(&bench);
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

static void two_controllers(struct bench *self, const char *second)
{
    self->used = 0;
    put(self,
        HEAD "stop: 1 us\n"
             "buses:\n"
             "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"
             "  axi: { type: axi, clock: aclk }\n"
             "controllers:\n"
             "  one: { type: 'adi,axi-dmac', bus: lite, base: 0, source_bus: axi,\n"
             "    destination_bus: axi }\n"
             "%s"
             "memories: { memory: { type: axi-memory, bus: axi, size: 1 MiB } }\n",
        second);
    write_file(self, "case.yaml", self->text, self->used);
}

START_TEST(each_of_several_controllers_has_a_file_of_its_own)
{
    static const char head[] = "cycle,event,addr_or_value,len,last,valid_since\n"
                               "0,RM_DO_RESET,0x0,0,0,-1\n";
    struct bench bench;
    bench_init(&bench);
    two_controllers(&bench, "");
    ck_assert_int_eq(run(&bench, NULL, "events.csv"), CLI_GOOD);
    ck_assert_msg(strncmp(bench.text, head, strlen(head)) == 0, "%s", bench.text);
    run(&bench, NULL, "events.one.csv");
    ck_assert_str_eq(bench.text, "");
    two_controllers(&bench,
                    "  b: { type: 'adi,axi-dmac', bus: lite, base: 0x1000, source_bus: axi,\n"
                    "    destination_bus: axi, reset_cycles: 5 }\n");
    unlink(strcat(strcpy((char[128]){0}, bench.dir), "/events.csv"));
    ck_assert_int_eq(run(&bench, NULL, "events.one.csv"), CLI_GOOD);
    ck_assert_msg(strncmp(bench.text, head, strlen(head)) == 0, "%s", bench.text);
    char *one = strdup(bench.text);
    ck_assert_int_eq(run(&bench, NULL, "events.b.csv"), CLI_GOOD);
    ck_assert_msg(strncmp(bench.text, head, strlen(head)) == 0, "%s", bench.text);
    ck_assert_str_ne(one, bench.text);
    free(one);
    run(&bench, NULL, "events.csv");
    ck_assert_str_eq(bench.text, "");
    bench_done(&bench);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("events");
    TCase *tcase = tcase_create("events");
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, events_of_every_port_and_mode_are_the_recording, 0,
                        sizeof folders / sizeof folders[0]);
    tcase_add_test(tcase, events_of_memory_to_memory_are_the_recording);
    tcase_add_test(tcase, each_of_several_controllers_has_a_file_of_its_own);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
