/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linux: a scenario's controllers as the hardware of a User-Mode Linux kernel (docs/linux.md).
 *
 * The simulation is built when the guest says where its memory is; from then on what is traced is as in `run`. The guest
 * ends the run, by its poweroff.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/linux_log.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/run_results.h"
#include "cosim/server.h"
#include "cosim/uml.h"

#define MEMORIES_MAX 4u
#define STALL_MS 60000

enum linux_key {
    KEY_KERNEL = 256,
    KEY_INITRD,
    KEY_DTB,
    KEY_GUEST_MEMORY,
    KEY_READ,
    KEY_WRITE,
    KEY_STRICT,
    KEY_PLATFORM,
    KEY_TERMINAL,
    KEY_TIMEOUT,
    KEY_FAULT,
    KEY_TRACE,
    KEY_FROM,
    KEY_TO,
    KEY_LOG,
    KEY_FORCE,
};

struct linux_arguments {
    const char *scenario, *directory, *kernel, *initrd, *dtb;
    const char *memories[MEMORIES_MAX];
    const char *const *kernel_arguments;
    size_t memory_count, kernel_argument_count;
    struct loading loading;
    struct dmasim_trace_options trace;
    uint64_t from_ps, to_ps, lose_interrupt;
    uint32_t read_cycles, write_cycles, timeout_s;
    const char *flip_register;
    bool at_mark, strict, platform, terminal, log, quiet, force;
};

struct linux_session {
    const struct linux_arguments *arguments;
    struct board board;
    struct server server;
    struct uml uml;
    struct dmasim *sim;         /* null until the guest has memory */
    struct dmasim_trace *whole; /* the summary, and what is asked of the run */
    char directory[RUN_DIRECTORY];
    int signal;                  /* that ended the run; 0: none */
    struct dmasim_trace *window; /* null: closed, or not yet open */
    bool window_over;
    struct linux_log log;
    bool failed; /* with a message */
};

/* ---- arguments ------------------------------------------------------------------------------- */

static uint32_t number(const char *text, uint32_t most, const char *what, struct argp_state *state)
{
    char *end;
    const unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end || *text == '-' || value > most)
        argp_error(state, "%s takes a number up to %u", what, most);
    return (uint32_t)value;
}

static void fault(struct linux_arguments *self, const char *text, struct argp_state *state)
{
    if (strncmp(text, "lose-interrupt=", 15) == 0)
        self->lose_interrupt = number(text + 15, UINT32_MAX, "lose-interrupt", state);
    else if (strncmp(text, "flip=", 5) == 0 && text[5])
        self->flip_register = text + 5;
    else
        argp_error(state, "--fault takes lose-interrupt=N or flip=REGISTER");
}

static error_t linux_option(int key, char *value, struct argp_state *state)
{
    struct linux_arguments *self = state->input;
    switch (key) {
    case 'o':
        if (!*value)
            argp_error(state, "--output names no folder");
        self->directory = value;
        return 0;
    case 'q':
        self->quiet = true;
        return 0;
    case KEY_KERNEL:
        self->kernel = value;
        return 0;
    case KEY_INITRD:
        self->initrd = value;
        return 0;
    case KEY_DTB:
        self->dtb = value;
        return 0;
    case KEY_GUEST_MEMORY:
        if (self->memory_count == MEMORIES_MAX)
            argp_error(state, "too many --memory");
        self->memories[self->memory_count++] = value;
        return 0;
    case KEY_READ:
        self->read_cycles = number(value, 100000, "--read-cycles", state);
        return 0;
    case KEY_WRITE:
        self->write_cycles = number(value, 100000, "--write-cycles", state);
        return 0;
    case KEY_STRICT:
        self->strict = true;
        return 0;
    case KEY_PLATFORM:
        self->platform = true;
        return 0;
    case KEY_TERMINAL:
        self->terminal = true;
        return 0;
    case KEY_TIMEOUT:
        self->timeout_s = number(value, 1000000, "--timeout", state);
        return 0;
    case KEY_FAULT:
        fault(self, value, state);
        return 0;
    case KEY_TRACE:
        if (!cli_traces(value, &self->trace))
            argp_error(state, "--trace takes none, or a list of " TRACE_NAMES);
        return 0;
    case KEY_FROM:
        self->at_mark = strcmp(value, "mark") == 0;
        if (!self->at_mark && !cli_time(value, &self->from_ps))
            argp_error(state, "'%s' is neither a time such as 10us nor mark", value);
        return 0;
    case KEY_TO:
        if (!cli_time(value, &self->to_ps) || self->to_ps == 0)
            argp_error(state, "'%s' is no time such as 10us", value);
        return 0;
    case KEY_LOG:
        self->log = true;
        return 0;
    case KEY_FORCE:
        self->force = true;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &self->loading;
        return 0;
    case ARGP_KEY_ARG:
        if (self->scenario)
            argp_error(state, "one scenario at a time; arguments for the kernel follow --");
        self->scenario = value;
        return 0;
    case ARGP_KEY_END:
        if (!self->scenario || strcmp(self->scenario, "-") == 0)
            argp_error(state, "name a scenario file");
        if (self->to_ps && self->to_ps <= self->from_ps)
            argp_error(state, "--trace-to is not later than --trace-from");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option linux_options[] = {
    {"output", 'o', "DIR", 0, "Where the results go (default: out/NAME of the scenario)", 0},
    {"memory", KEY_GUEST_MEMORY, "NAME", 0,
     "The memory that is the guest's (default: ram); its base and size become the guest's. "
     "Repeated: "
     "memories that share its bytes",
     0},
    {"read-cycles", KEY_READ, "N", 0,
     "Cycles of its component's clock that a register's read takes (default: 4)", 0},
    {"write-cycles", KEY_WRITE, "N", 0, "The same of a write, which is posted (default: 2)", 0},
    {"strict", KEY_STRICT, NULL, 0,
     "The guest sees each byte that DMA writes from its own cycle on, not from the next interrupt "
     "on "
     "(slow)",
     0},
    {"platform", KEY_PLATFORM, NULL, 0,
     "No controller shows as the PCI device that Linux has a driver for: all are for a device tree",
     0},
    {"trace", KEY_TRACE, "LIST", 0,
     "What to write: none, or a list of " TRACE_NAMES " (default: summary)", 1},
    {"trace-from", KEY_FROM, "TIME", 0,
     "Begin of all files but the summary; mark: when the guest says so", 1},
    {"trace-to", KEY_TO, "TIME", 0, "Their end", 1},
    {"log", KEY_LOG, NULL, 0,
     "Write guest.csv: register accesses, interrupts, dmesg and the console, with their times", 1},
    {"quiet", 'q', NULL, 0, "No table, no last line", 1},
    {"force", KEY_FORCE, NULL, 0,
     "Write into a folder that has other things in it, and over results that were changed", 1},
    {"kernel", KEY_KERNEL, "FILE", 0,
     "The kernel (default: what scripts/linux has built, linux in ~/.cache/dmasim/linux)", 2},
    {"initrd", KEY_INITRD, "FILE", 0, "Its initial file system (default: initrd beside it)", 2},
    {"dtb", KEY_DTB, "FILE", 0, "Its device tree, compiled: dmasim dts SCENARIO | dtc", 2},
    {"terminal", KEY_TERMINAL, NULL, 0,
     "This terminal is the guest's console, and time is no faster than here", 2},
    {"timeout", KEY_TIMEOUT, "SECONDS", 0,
     "Give up if the guest sends nothing for so long (default: 300; 0: never)", 2},
    {"fault", KEY_FAULT, "FAULT", 0,
     "For tests of tests: lose-interrupt=N, the N-th does not reach the guest; flip=REGISTER, at "
     "each "
     "interrupt a bit of the byte before the address in the register is flipped",
     2},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp_child linux_children[] = {{&loading_argp, 0, NULL, 0}, {NULL, 0, NULL, 0}};

static const struct argp linux_argp = {
    linux_options,
    linux_option,
    "SCENARIO [-- KERNEL-ARGUMENT...]",
    "Serve a scenario's controllers to an unmodified Linux kernel, which runs its own drivers on "
    "them.\v"
    "The kernel is User-Mode Linux: scripts/linux builds it, without privileges, and runs its "
    "suites.\n"
    "Examples:\n"
    "  dmasim linux configs/linux/dw.yaml -- suite=dmatest\n"
    "  dmasim linux configs/linux/dw.yaml --trace vcd,summary --trace-from mark --log\n"
    "\nController and kernel have one time: the kernel's nanoseconds are the simulation's. What "
    "its "
    "CPU\n"
    "does takes no time; accesses to registers take the cycles that are asked for.\n"
    "Results are as those of dmasim run; what the guest's kernel prints, and its trace events "
    "(with\n"
    "tp_printk trace_event=irq: behind --), stand beside the bus in the VCD and in log.txt;\n"
    "guest.csv (--log) has what the guest did and printed.\n"
    "Exit codes: 0 the guest has powered off; 1 it has not (it crashed), or a condition of the "
    "scenario's\n"
    "`expect` does not hold; 2 bad input or use, or a guest that cannot be served; 130 SIGINT or "
    "SIGTERM.",
    linux_children,
    NULL,
    NULL};

/* ---- what the board tells -------------------------------------------------------------------- */

static bool in_window(const struct linux_session *self)
{
    return self->window ||
           (!self->arguments->from_ps && !self->arguments->at_mark && !self->window_over);
}

/* What is said in the guest, beside the bus in the VCD and in log.txt. */
static const char kernel_track[] = "linux.kernel", program_track[] = "linux.programs";
static const char *const tracks[] = {kernel_track, program_track};

/* At a time, or now if the model is ahead of the guest. */
static void tell(struct linux_session *self, const char *track, uint64_t time_ps, const char *text)
{
    if (!self->window)
        return;
    const uint64_t now_ps = dmasim_now(self->sim);
    dmasim_tell(self->sim, time_ps > now_ps ? time_ps : now_ps, track, text);
}

static void on_note(void *context, const struct board_note *note)
{
    struct linux_session *self = context;
    if (note->kind == BOARD_KERNEL || note->kind == BOARD_TEXT)
        tell(self, note->kind == BOARD_KERNEL ? kernel_track : program_track, note->time_ps,
             note->text);
    if (in_window(self))
        linux_log_note(&self->log, self->board.sim, note);
}

/* A line of the console, which is known later than it was printed. */
static void on_line(void *context, const char *text)
{
    tell(context, program_track, 0, text);
}

static void on_print(void *context, uint64_t time_ns, const char *text, size_t length)
{
    struct linux_session *self = context;
    fwrite(text, 1, length, stdout);
    fflush(stdout);
    if (in_window(self))
        linux_log_print(&self->log, time_ns * 1000, text, length);
}

static void on_trace(void *context, bool open)
{
    struct linux_session *self = context;
    struct dmasim_error error = {.code = DMASIM_OK};
    struct dmasim_trace_options options = self->arguments->trace;
    options.summary = false;
    if (open && !self->window && !self->window_over) {
        self->window = dmasim_trace_open(self->sim, &options, self->directory, &error);
    } else if (!open && self->window) {
        if (dmasim_trace_close(self->window, &error) == DMASIM_OK)
            error.code = DMASIM_OK;
        dmasim_trace_free(self->window);
        self->window = NULL;
        self->window_over = true;
    }
    if (error.code != DMASIM_OK && !self->failed) {
        cli_print_error(NULL, &error);
        self->failed = true;
    }
}

static void on_stop(void *context, unsigned index)
{
    struct linux_session *self = context;
    on_trace(context, index == 0 && self->arguments->from_ps > 0);
}

/* The guest's mark counts if it was waited for. */
static void on_mark(void *context, bool open)
{
    const struct linux_session *self = context;
    if (self->arguments->at_mark)
        on_trace(context, open);
}

static bool on_built(void *context, struct dmasim *sim)
{
    struct linux_session *self = context;
    struct dmasim_error error;
    self->sim = sim;
    if (!run_results_claim(sim, self->arguments->directory, self->arguments->force,
                           self->directory)) {
        self->sim = NULL;
        self->failed = true;
        return false;
    }
    const struct dmasim_trace_options options = {.summary = self->arguments->trace.summary,
                                                 .table = !self->arguments->quiet,
                                                 .streams = true,
                                                 .expect = true};
    self->whole = dmasim_trace_open(sim, &options, self->directory, &error);
    if (!self->whole) {
        cli_print_error(NULL, &error);
        self->failed = true;
    }
    if (!self->arguments->from_ps && !self->arguments->at_mark)
        on_trace(self, true);
    return !self->failed;
}

static bool on_interrupted(void *context)
{
    struct linux_session *self = context;
    self->signal = progress_interrupted();
    return self->signal != 0 || self->failed;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* A condition of the scenario's that does not hold is told. */
static bool expectations_hold(const struct linux_session *self)
{
    struct dmasim_check check;
    bool good = true;
    for (size_t i = 0; dmasim_trace_check(self->whole, i, &check) == DMASIM_OK; i++) {
        if (check.holds || !check.file)
            continue;
        good = false;
        cli_put(stderr, check.file);
        fprintf(stderr, ":%d:%d: expectation ", check.line, check.column);
        cli_put(stderr, check.text);
        fputs(" does not hold: ", stderr);
        cli_put(stderr, check.found);
        fputs("\n", stderr);
    }
    return good;
}

static bool put_table(void *context, const char *text, size_t length)
{
    return fwrite(text, 1, length, context) == length;
}

/* A window that was asked for, and never opened. */
static void tell_no_window(const struct linux_session *self)
{
    const struct linux_arguments *arguments = self->arguments;
    if (self->window_over || (!arguments->from_ps && !arguments->at_mark))
        return;
    run_results_line(arguments->scenario);
    if (arguments->at_mark)
        fputs("nothing is traced: the guest has not said `trace on` (echo trace on >/dev/dmasim)\n",
              stderr);
    else
        fprintf(stderr, "nothing is traced: the run ended at %.6f s, before --trace-from\n",
                (double)self->server.calendar.now_ns * 1e-9);
}

static bool write_results(struct linux_session *self)
{
    struct dmasim_error error = {.code = DMASIM_OK};
    if (self->window)
        on_trace(self, false);
    if (!linux_log_write(&self->log, self->sim, self->directory, &error)) {
        cli_print_error(NULL, &error);
        return false;
    }
    const char *by = self->signal == SIGINT ? "SIGINT" : self->signal ? "SIGTERM" : NULL;
    if (dmasim_trace_close(self->whole, &error) != DMASIM_OK) {
        cli_print_error(NULL, &error);
        return false;
    }
    if (!run_results_write(self->sim, self->directory, by) || self->failed)
        return false;
    if (!self->arguments->quiet) {
        dmasim_trace_table(self->whole, put_table, stdout);
        fputs("results: ", stdout);
        cli_put(stdout, self->directory);
        fputs("\n", stdout);
    }
    return true;
}

static void tell_counts(const struct linux_session *self)
{
    uint64_t accesses = 0, interrupts = 0, repeated = 0;
    for (uint32_t i = 0; i < self->board.function_count; i++) {
        accesses += self->board.functions[i].accesses;
        interrupts += self->board.functions[i].interrupts;
        repeated += self->board.functions[i].repeated;
    }
    fprintf(stderr,
            "linux: %.6f s simulated, %" PRIu64 " register accesses (%" PRIu64
            " unanswered), %" PRIu64 " interrupts (%" PRIu64 " told again), %" PRIu64 " messages\n",
            (double)self->server.calendar.now_ns * 1e-9, accesses, self->board.unmapped, interrupts,
            repeated, self->server.messages + self->server.calls);
}

/* What came of it; the exit code. */
static int conclude(struct linux_session *self, enum server_end end, struct dmasim_error *error)
{
    int code = CLI_GOOD;
    const int status = uml_end(&self->uml, end == SERVER_GONE ? 5000 : 0);
    if (end == SERVER_BAD && !self->failed) {
        cli_print_error(NULL, error);
        code = CLI_USAGE;
    }
    if (!self->sim || !self->whole) {
        if (end == SERVER_GONE)
            fputs("dmasim: error: the kernel ended before it had found a device: is it one that "
                  "scripts/linux has built?\n",
                  stderr);
        return self->signal ? CLI_INTERRUPTED : CLI_USAGE;
    }
    if (!write_results(self))
        return CLI_USAGE;
    if (self->arguments->quiet)
        run_results_errata(self->sim, self->arguments->scenario);
    else
        tell_counts(self);
    tell_no_window(self);
    if (end == SERVER_GONE && status != 0) {
        run_results_line(self->arguments->scenario);
        fprintf(stderr, "the kernel has not powered off: it ended with %d\n", status);
        code = CLI_FALSE;
    }
    if (code == CLI_GOOD && !expectations_hold(self))
        code = CLI_FALSE;
    return self->signal ? CLI_INTERRUPTED : code;
}

static bool start(struct linux_session *self, struct dmasim_error *error)
{
    const struct linux_arguments *arguments = self->arguments;
    const struct uml_options kernel = {.image = arguments->kernel,
                                       .initrd = arguments->initrd,
                                       .dtb = arguments->dtb,
                                       .arguments = arguments->kernel_arguments,
                                       .argument_count = arguments->kernel_argument_count,
                                       .functions = self->board.function_count,
                                       .terminal = arguments->terminal};
    struct server_options options = {.board = &self->board,
                                     .folder = self->uml.folder,
                                     .console = -1,
                                     .paced = arguments->terminal,
                                     .stall_ms = STALL_MS,
                                     .silence_ms = (int)arguments->timeout_s * 1000,
                                     .context = self,
                                     .print = on_print,
                                     .interrupted = on_interrupted};
    progress_signals_wait();
    if (!server_init(&self->server, &options, error) || !uml_start(&self->uml, &kernel, error))
        return false;
    self->server.options.console = self->uml.console;
    return true;
}

static int serve(struct linux_session *self)
{
    struct dmasim_error error = {.code = DMASIM_OK}, late;
    int code = CLI_USAGE;
    if (!uml_init(&self->uml, &error)) {
        cli_print_error(NULL, &error);
        return CLI_USAGE;
    }
    self->log.line_told = on_line;
    self->log.context = self;
    if (self->arguments->log && !linux_log_start(&self->log)) {
        fputs("dmasim: error: out of memory\n", stderr);
    } else if (!start(self, &error)) {
        cli_print_error(NULL, &error);
    } else {
        late = (struct dmasim_error){.code = DMASIM_OK};
        self->server.error = &late;
        code = conclude(self, server_run(&self->server), &late);
    }
    server_free(&self->server);
    uml_free(&self->uml);
    linux_log_free(&self->log);
    return cli_flush(code);
}

/* A file in the user's cache, where scripts/linux builds. */
static const char *cached(const char *name, char *path, size_t size)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && *cache)
        snprintf(path, size, "%s/dmasim/linux/%s", cache, name);
    else
        snprintf(path, size, "%s/.cache/dmasim/linux/%s", home ? home : "", name);
    return path;
}

int cli_linux(int argc, char **argv)
{
    char kernel[4096], initrd[4096];
    struct linux_arguments arguments = {
        .trace = {.summary = true}, .read_cycles = 4, .write_cycles = 2, .timeout_s = 300};
    int own = 0; /* arguments up to --; what follows is the kernel's */
    while (own < argc && strcmp(argv[own], "--") != 0)
        own++;
    if (own < argc) {
        arguments.kernel_arguments = (const char *const *)(uintptr_t)(argv + own + 1);
        arguments.kernel_argument_count = (size_t)(argc - own - 1);
    }
    if (cli_parse(&linux_argp, own, argv, "dmasim linux", &arguments) != 0)
        return CLI_USAGE;
    if (arguments.memory_count == 0)
        arguments.memories[arguments.memory_count++] = "ram";
    if (!arguments.kernel)
        arguments.kernel = cached("linux", kernel, sizeof kernel);
    if (!arguments.initrd)
        arguments.initrd = cached("initrd", initrd, sizeof initrd);

    const struct dmasim_options options = {.overrides = arguments.loading.overrides.texts,
                                           .override_count = arguments.loading.overrides.count,
                                           .confine = arguments.loading.confine,
                                           .memory_bytes = arguments.loading.memory_bytes,
                                           .report = cli_print_error,
                                           .note = cli_print_note};
    struct dmasim_plan *plan = dmasim_plan_read(arguments.scenario, &options, NULL);
    if (!plan)
        return CLI_USAGE;
    struct linux_session self = {.arguments = &arguments};
    const bool window = arguments.from_ps > 0;
    const struct board_options board = {
        .plan = plan,
        .options = {.confine = arguments.loading.confine,
                    .memory_bytes = arguments.loading.memory_bytes,
                    .tracks = tracks,
                    .track_count = sizeof tracks / sizeof tracks[0]},
        .memories = arguments.memories,
        .memory_count = arguments.memory_count,
        .read_cycles = arguments.read_cycles,
        .write_cycles = arguments.write_cycles,
        .strict = arguments.strict,
        .platform = arguments.platform,
        .lose_interrupt = arguments.lose_interrupt,
        .flip_register = arguments.flip_register,
        .context = &self,
        .note = on_note,
        .built = on_built,
        .trace = on_mark,
        .stops_ps = {window ? arguments.from_ps : arguments.to_ps, window ? arguments.to_ps : 0},
        .stopped = on_stop};
    struct dmasim_error error;
    int code = CLI_USAGE;
    if (board_init(&self.board, &board, &error))
        code = serve(&self);
    else
        cli_print_error(NULL, &error);
    board_free(&self.board);
    dmasim_plan_free(plan);
    return code;
}
