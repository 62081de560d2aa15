/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench: simulated cycles a CPU second of dmasim, against a SystemC model of the same copy and a
 * plain memcpy of the same bytes, all measured in this run.
 *
 *     bench [--rounds N] [--systemc PROGRAM] [--dmasim PROGRAM] [--rtl PROGRAM] [--quick]
 *
 * Workload: four channels copy 32 KiB each, over and over, in bursts of 16 words, taking turns
 * on one 32-bit AHB without wait states; busy.yaml without a pause, idle.yaml with 4 KiB a channel
 * about every 170,000 cycles, so that one cycle in twenty has a beat. AXI: an ADI AXI DMAC that copies
 * over and over (axi.yaml), stores a stream (axi-stream.yaml), fetches a ring of descriptors
 * (axi-chain.yaml), and two of them behind a crossbar (axi-crossbar.yaml). Then the four channels in one run, and an
 * 8237A (isa-floppy.yaml). --rtl, a verilated program of the user's own, is run in turns with them as
 *
 *     PROGRAM WORKLOAD CYCLES
 *
 * with the name of a row and the cycles to simulate; the last line of its output is "<cycles> <CPU seconds>". If it has no
 * such workload it exits with another status than 0. Without it ratios are to constants. All of that comes again and again, and passes as rounds in one long run; in windows of a few thousand
 * cycles, as a co-simulation has them, no round is found: the second column is what repeats within transfers, and
 * what is stepped. Untraced runs go through the
 * library; the runs with a VCD are the programs' own, without their start-up. Each figure is the
 * median of the rounds, and the rounds of all programs alternate, so that a slow moment of the
 * machine meets all of them. Targets are printed, never enforced.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dmasim/dmasim.h"

enum { ROUNDS_MAX = 25, CYCLE_PS = 10000 };

/* Gap of the SystemC channels that leaves 95 % of its cycles idle. */
#define IDLE_GAP "155000"

/* Cycles a second of the RTL of the ADI AXI DMAC with a memory under Verilator, medians in turns with dmasim in one run
 * (docs/benchmarks.md), and the middle of 1.6 to 1.8 million with a VCD of its ports; not measured in this one. */
#define RTL_RATE_VCD 1.7e6

/* asked: targets, in million cycles a second; 0: none. */
static const struct workload {
    const char *name, *scenario, *override;
    double rtl, asked, asked_vcd;
    double cycles;    /* of a run in windows */
    double whole;     /* of one run; 0: WHOLE_RUN */
    double period_ps; /* of a cycle; 0: CYCLE_PS */
} workloads[] = {
    {"copy 64 KiB", "axi.yaml", NULL, 4.9e6, 500, 25, 10e6, 0, 0},
    {"copy 4 KiB", "axi.yaml", "masters.host.length=4 KiB", 4.9e6, 100, 16, 2e6, 0, 0},
    {"copy 1 KiB", "axi.yaml", "masters.host.length=1 KiB", 4.7e6, 50, 12, 1e6, 0, 0},
    {"stream", "axi-stream.yaml", NULL, 4.3e6, 150, 12, 1e6, 0, 0},
    {"descriptors", "axi-chain.yaml", NULL, 5.2e6, 50, 12, 1e6, 0, 0},
    {"crossbar", "axi-crossbar.yaml", NULL, 0, 0, 0, 1e6, 0, 0},
    {"four channels", "busy.yaml", NULL, 0, 200, 10, 4e6, 0, 0},
    {"8237A", "isa-floppy.yaml", NULL, 0, 0, 0, 10e6, 50e6, 209524},
};
enum { WORKLOADS = sizeof workloads / sizeof workloads[0], WINDOW = 2000 };
#define WHOLE_RUN 1e9 /* cycles */

/* Registers of the controller in axi-*.yaml. */
#define CURRENT_DEST_ADDRESS 0x40000434
#define DESCRIPTOR_ID 0x40000454

struct series {
    double rate[ROUNDS_MAX]; /* cycles (or bytes) a CPU second */
    int count;
};

struct setup {
    const char *systemc, *dmasim, *rtl;
    double scale; /* of all lengths */
    int rounds;
};

static double cpu_seconds(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void add(struct series *series, double amount, double seconds)
{
    if (seconds > 0 && series->count < ROUNDS_MAX)
        series->rate[series->count++] = amount / seconds;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(struct series *series)
{
    if (series->count == 0)
        return 0;
    qsort(series->rate, (size_t)series->count, sizeof(double), by_value);
    return series->rate[series->count / 2];
}

/* A built scenario of this folder; null after a message. */
static struct dmasim *create(const char *scenario, const char *override)
{
    char path[512];
    struct dmasim_error error;
    char stop[] = "stop=100 s";
    const char *const overrides[] = {stop, override};
    const struct dmasim_options options = {.overrides = overrides,
                                           .override_count = override ? 2 : 1};
    snprintf(path, sizeof(path), "%s/%s", BENCH_DIR, scenario);
    struct dmasim *sim = dmasim_create(path, &options, &error);
    if (!sim)
        fprintf(stderr, "%s:%d:%d: %s\n", error.file, error.line, error.column, error.text);
    return sim;
}

/* How far a register moves a cycle, modulo `wrap`, once the scenario is in its stride. */
static double register_pace(const char *scenario, uint64_t address, uint64_t wrap)
{
    enum { FROM = 5000, CYCLES = 50000 };
    struct dmasim *sim = create(scenario, NULL);
    uint64_t moved = 0, before = 0;
    for (uint64_t cycle = FROM; sim && cycle <= FROM + CYCLES; cycle++) {
        struct dmasim_access access = {.address = address, .size_bytes = 4};
        if (dmasim_access(sim, cycle * CYCLE_PS, &access) != DMASIM_OK)
            break;
        if (cycle > FROM)
            moved += (access.value - before) % wrap;
        before = access.value;
    }
    dmasim_destroy(sim);
    return (double)moved / CYCLES;
}

static void on_interrupt(void *context, const char *component, const char *output, bool level,
                         uint64_t at_ps)
{
    (void)component, (void)output, (void)level, (void)at_ps;
    ++*(uint64_t *)context;
}

/* A run of a scenario: so many cycles, in windows of so many. */
struct length {
    double cycles, window, period_ps;
    uint64_t *edges; /* not null: somebody watches interrupts, whose changes are counted here */
};

/* False if it cannot, or its work ends before. */
static bool run_windows(const char *scenario, const char *override, const struct length *length,
                        struct series *series)
{
    struct dmasim *sim = create(scenario, override);
    if (!sim)
        return false;
    const double cycles = length->cycles;
    uint64_t end = (uint64_t)(cycles * length->period_ps);
    if (length->edges)
        dmasim_on_interrupt(sim, on_interrupt, length->edges);
    double start = cpu_seconds(RUSAGE_SELF);
    int code = DMASIM_OK;
    const uint64_t step = (uint64_t)(length->window * length->period_ps);
    for (uint64_t now = step; code == DMASIM_OK && now < end; now += step)
        code = dmasim_advance(sim, now);
    if (code == DMASIM_OK)
        code = dmasim_advance(sim, end);
    double seconds = cpu_seconds(RUSAGE_SELF) - start;
    if (code != DMASIM_OK)
        fprintf(stderr, "%s: %s\n", scenario, dmasim_code_text(code));
    else if (dmasim_finished(sim))
        fprintf(stderr, "%s: its work ends before cycle %.0f\n", scenario, cycles);
    else
        add(series, cycles, seconds);
    dmasim_destroy(sim);
    return series->count > 0;
}

static bool run_library(const char *scenario, double cycles, struct series *series)
{
    const struct length length = {cycles, cycles, CYCLE_PS, NULL};
    return run_windows(scenario, NULL, &length, series);
}

/* Runs a program; its standard output, if asked for, comes back in `text`. An exit status up to
 * `unfinished` is no failure. CPU seconds, or -1. */
static double run_program(const char *const *arguments, int unfinished, char *text,
                          size_t text_bytes)
{
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    double start = cpu_seconds(RUSAGE_CHILDREN);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        if (unfinished) /* `stop` ends it on purpose */
            dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    close(ends[1]);
    size_t length = 0;
    char buffer[4096];
    ssize_t got;
    while (child > 0 && (got = read(ends[0], buffer, sizeof(buffer))) > 0) {
        for (ssize_t i = 0; i < got; i++)
            if (length + 1 < text_bytes)
                text[length++] = buffer[i];
    }
    close(ends[0]);
    if (text_bytes > 0)
        text[length] = '\0';
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) > unfinished) {
        fprintf(stderr, "%s failed\n", arguments[0]);
        return -1;
    }
    return cpu_seconds(RUSAGE_CHILDREN) - start;
}

/* The last line of an output, "<cycles> <seconds>"; there may be others before it. */
static bool last_line(const char *text, double *cycles, double *seconds)
{
    const char *line = text + strlen(text);
    while (line > text && (line[0] == '\0' || line[0] == '\n' || line[-1] != '\n'))
        line--;
    return sscanf(line, "%lf %lf", cycles, seconds) == 2;
}

static void run_systemc(const struct setup *setup, double megacycles, const char *gap,
                        const char *vcd, struct series *series)
{
    char length[32], text[512];
    double cycles, seconds;
    if (!setup->systemc)
        return;
    snprintf(length, sizeof(length), "%g", megacycles * setup->scale);
    const char *arguments[] = {setup->systemc, length, gap, vcd, NULL};
    if (run_program(arguments, 0, text, sizeof(text)) < 0)
        return;
    if (last_line(text, &cycles, &seconds))
        add(series, cycles, seconds);
}

/* The user's own RTL; a row that it has not stays empty. */
static void run_rtl(const struct setup *setup, const char *workload, double cycles,
                    struct series *series)
{
    char length[32], text[4096];
    double done, seconds;
    if (!setup->rtl)
        return;
    snprintf(length, sizeof(length), "%.0f", cycles);
    const char *arguments[] = {setup->rtl, workload, length, NULL};
    if (run_program(arguments, 0, text, sizeof(text)) >= 0 && last_line(text, &done, &seconds))
        add(series, done, seconds);
}

/* The program with a VCD, less what it takes for a single microsecond. */
static void run_dmasim_vcd(const struct setup *setup, const char *scenario, const char *override,
                           double megacycles, double period_ps, const char *folder,
                           struct series *series)
{
    char path[512], stop[64];
    double seconds[2];
    if (!setup->dmasim)
        return;
    snprintf(path, sizeof(path), "%s/%s", BENCH_DIR, scenario);
    const char *arguments[] = {setup->dmasim, "run",     path,  "-o",
                               folder,        "--trace", "vcd", "--quiet",
                               "--force",     "--set",   stop,  override ? "--set" : NULL,
                               override,      NULL};
    for (int i = 0; i < 2; i++) {
        double us = i == 0 ? 1 : megacycles * setup->scale * period_ps;
        snprintf(stop, sizeof(stop), "stop=%.0f us", us);
        seconds[i] = run_program(arguments, 1, NULL, 0);
        if (seconds[i] < 0)
            return;
    }
    add(series, megacycles * setup->scale * 1e6, seconds[1] - seconds[0]);
}

static void run_memcpy(struct series *series)
{
    enum { REGION = 32 * 1024, CHANNELS = 4, REPEAT = 4096 };
    char *memory = malloc(2 * CHANNELS * REGION);
    if (!memory)
        return;
    memset(memory, 1, 2 * CHANNELS * REGION);
    double start = cpu_seconds(RUSAGE_SELF);
    for (int i = 0; i < REPEAT * CHANNELS; i++) {
        char *from = memory + (ptrdiff_t)(i % CHANNELS) * 2 * REGION;
        memcpy(from + REGION, from, REGION);
        __asm__ volatile("" : : "r"(memory) : "memory");
    }
    add(series, (double)REPEAT * CHANNELS * REGION, cpu_seconds(RUSAGE_SELF) - start);
    free(memory);
}

static void print_row(const char *name, struct series *ours, double other, double target)
{
    double mine = median(ours);
    printf("| %-16s | %10.2f | %10.3f |", name, mine / 1e6, other / 1e6);
    if (mine > 0 && other > 0)
        printf(" %6.1fx |", mine / other);
    else
        printf("       - |");
    if (target > 0)
        printf(" %5.0fx |\n", target);
    else
        printf("      - |\n");
}

/* What was measured of a workload. */
struct rows {
    struct series whole, windows, vcd, rtl;
    struct series heard, heard_windows; /* with somebody who watches interrupts */
    uint64_t edges;                     /* that were told in all of heard */
};

static void print_asked(double asked)
{
    if (asked > 0)
        printf(" %5.0f |", asked);
    else
        printf("     - |");
}

/* Million cycles a second, against the RTL and what was asked for. */
static void print_workload(const struct workload *row, struct rows *rows)
{
    const double mine = median(&rows->whole), cut = median(&rows->windows),
                 traced = median(&rows->vcd);
    const double own = median(&rows->rtl), rtl = own > 0 ? own : row->rtl;
    printf("| %-13s | %10.0f | %8.1f |", row->name, mine / 1e6, cut / 1e6);
    print_asked(row->asked);
    if (rtl > 0)
        printf(" %6.2f | %6.0fx | %6.1fx |", rtl / 1e6, mine / rtl, cut / rtl);
    else
        printf("      - |       - |       - |");
    printf(" %8.2f |", traced / 1e6);
    print_asked(row->asked_vcd);
    if (row->rtl > 0)
        printf(" %6.1fx |\n", traced / RTL_RATE_VCD);
    else
        printf("       - |\n");
}

/* What a listener of interrupts costs: time with one against time without, and CPU time of a change that is told. */
static void print_listener(const struct workload *row, struct rows *rows)
{
    const double mine = median(&rows->whole), heard = median(&rows->heard);
    const double cut = median(&rows->windows), heard_cut = median(&rows->heard_windows);
    const double cycles = row->whole > 0 ? row->whole : WHOLE_RUN;
    const double edges = rows->heard.count ? (double)rows->edges / rows->heard.count : 0;
    printf("| %-13s |", row->name);
    if (mine <= 0 || heard <= 0 || cut <= 0 || heard_cut <= 0) {
        puts("       - |       - |          - |     - |");
        return;
    }
    printf(" %6.2fx | %6.2fx | %10.0f |", mine / heard, cut / heard_cut, edges);
    if (edges > 0)
        printf(" %5.1f |\n", (cycles / heard - cycles / mine) * 1e9 / edges);
    else
        puts("     - |");
}

/* What a workload of an AXI DMAC moves, as cycles per second times what a register tells of a cycle. */
static void print_pace(const char *what, const char *scenario, uint64_t address, uint64_t wrap,
                       struct series *series, double unit, const char *unit_name)
{
    double pace = register_pace(scenario, address, wrap);
    printf("%s: %.1f %s a CPU second (%.2f million cycles, %.3f a cycle)\n", what,
           median(series) * pace / unit, unit_name, median(series) / 1e6, pace);
}

int main(int argc, char **argv)
{
    struct setup setup = {.scale = 1, .rounds = 5};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--quick") == 0) {
            setup.scale = 0.1;
        } else if (value && strcmp(argv[i], "--rounds") == 0) {
            setup.rounds = atoi(argv[++i]);
        } else if (value && strcmp(argv[i], "--systemc") == 0) {
            setup.systemc = argv[++i];
        } else if (value && strcmp(argv[i], "--rtl") == 0) {
            setup.rtl = argv[++i];
        } else if (value && strcmp(argv[i], "--dmasim") == 0) {
            setup.dmasim = argv[++i];
        } else {
            fputs(
                "usage: bench [--rounds N] [--systemc PROGRAM] [--dmasim PROGRAM] [--rtl PROGRAM] "
                "[--quick]\n",
                stderr);
            return 2;
        }
    }
    if (setup.rounds < 1 || setup.rounds > ROUNDS_MAX)
        return 2;
    char folder[] = "/tmp/dmasim-bench-XXXXXX";
    if (!mkdtemp(folder)) {
        perror(folder);
        return 2;
    }
    char results[64], vcd[64];
    snprintf(results, sizeof(results), "%s/dmasim", folder);
    snprintf(vcd, sizeof(vcd), "%s/systemc", folder);
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);

    struct series busy = {0}, idle = {0}, busy_vcd = {0}, idle_vcd = {0}, copy = {0};
    struct series sc_busy = {0}, sc_idle = {0}, sc_busy_vcd = {0}, sc_idle_vcd = {0};
    static struct rows rows[WORKLOADS];
    for (int round = 0; round < setup.rounds; round++) {
        run_library("busy.yaml", 10e6 * setup.scale, &busy);
        run_systemc(&setup, 2, "0", NULL, &sc_busy);
        run_library("idle.yaml", 200e6 * setup.scale, &idle);
        run_systemc(&setup, 4, IDLE_GAP, NULL, &sc_idle);
        run_dmasim_vcd(&setup, "busy.yaml", NULL, 1, CYCLE_PS, results, &busy_vcd);
        run_systemc(&setup, 0.4, "0", vcd, &sc_busy_vcd);
        run_dmasim_vcd(&setup, "idle.yaml", NULL, 10, CYCLE_PS, results, &idle_vcd);
        run_systemc(&setup, 0.4, IDLE_GAP, vcd, &sc_idle_vcd);
        for (unsigned i = 0; i < WORKLOADS; i++) {
            const struct workload *row = &workloads[i];
            const double cycles = row->whole > 0 ? row->whole : WHOLE_RUN,
                         period = row->period_ps > 0 ? row->period_ps : CYCLE_PS,
                         cut = row->cycles * setup.scale;
            uint64_t ignored = 0;
            run_windows(row->scenario, row->override,
                        &(struct length){cycles, cycles, period, NULL}, &rows[i].whole);
            run_windows(row->scenario, row->override,
                        &(struct length){cycles, cycles, period, &rows[i].edges}, &rows[i].heard);
            run_windows(row->scenario, row->override, &(struct length){cut, WINDOW, period, NULL},
                        &rows[i].windows);
            run_windows(row->scenario, row->override,
                        &(struct length){cut, WINDOW, period, &ignored}, &rows[i].heard_windows);
            run_rtl(&setup, row->name, cut, &rows[i].rtl);
            run_dmasim_vcd(&setup, row->scenario, row->override, 0.3, period, results,
                           &rows[i].vcd);
        }
        run_memcpy(&copy);
    }

    double load[3] = {0};
    getloadavg(load, 3);
    printf("Million simulated cycles per second of CPU time, median of %d; load average %.1f %.1f "
           "%.1f:\n\n",
           setup.rounds, load[0], load[1], load[2]);
    puts("| workload         |     dmasim |    SystemC |   ratio | target |");
    puts("| ---------------- | ---------: | ---------: | ------: | -----: |");
    print_row("busy", &busy, median(&sc_busy), 10);
    print_row("95 % idle", &idle, median(&sc_idle), 100);
    print_row("busy, VCD", &busy_vcd, median(&sc_busy_vcd), 8);
    print_row("95 % idle, VCD", &idle_vcd, median(&sc_idle_vcd), 0);
    puts("\nIn one run (of 1,000 million cycles, the 8237A's of 50), in windows of 2,000 cycles, "
         "with a "
         "VCD:\n");
    puts(
        "| workload      |    one run |  windows | asked |    RTL |   / RTL |   / RTL |      VCD | "
        "asked |   / RTL |");
    puts(
        "| ------------- | ---------: | -------: | ----: | -----: | ------: | ------: | -------: | "
        "----: | ------: |");
    for (unsigned i = 0; i < WORKLOADS; i++)
        print_workload(&workloads[i], &rows[i]);
    puts("\nA listener of interrupts: time with it against time without it, changes it is told in "
         "one "
         "run, ns of each:\n");
    puts("| workload      | one run | windows |    changes |    ns |");
    puts("| ------------- | ------: | ------: | ---------: | ----: |");
    for (unsigned i = 0; i < WORKLOADS; i++)
        print_listener(&workloads[i], &rows[i]);
    bool complete = busy.count > 0 && idle.count > 0;
    for (unsigned i = 0; i < WORKLOADS; i++)
        complete = complete && rows[i].whole.count > 0;
    if (!complete)
        puts("\n0 is no rate: that row could not be measured, a message says why.");
    puts(setup.rtl
             ? "\nRTL: measured in this run where the program has the workload; else, and with a "
               "VCD, constants of another run."
             : "\nRTL: Verilator, constants of another run, not measured in this one.");
    print_pace("Stream, in windows", "axi-stream.yaml", CURRENT_DEST_ADDRESS, 0x10000,
               &rows[3].windows, 1e6, "MB");
    print_pace("Descriptors, in windows", "axi-chain.yaml", DESCRIPTOR_ID, 16, &rows[4].windows,
               1e3, "thousand");
    /* A word takes two cycles on the bus: one read, one write. */
    double simulated = median(&busy) / 2 * 4;
    printf("\nBytes a CPU second, busy: dmasim %.1f MB/s, memcpy %.0f MB/s", simulated / 1e6,
           median(&copy) / 1e6);
    if (simulated > 0)
        printf(" (%.0f times as fast)", median(&copy) / simulated);
    puts("");

    const char *clean[] = {"/bin/rm", "-r", folder, NULL};
    run_program(clean, 0, NULL, 0);
    return complete ? 0 : 1;
}
