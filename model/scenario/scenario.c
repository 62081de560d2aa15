/* SPDX-License-Identifier: BSD-2-Clause */
/* scenario: loading from a text to a checked plan, and what its parts share. See scenario.h. */
#include "kernel/base.h"
#include "kernel/text.h"
#include "scenario/internal.h"
#include "scenario/text_file.h"

#include <stdlib.h>
#include <string.h>

static const char *const compress_names[] = {
    [COMPRESS_NONE] = "none", [COMPRESS_ZST] = "zst", NULL};

static const struct parameter trace_parameters[] = {
    {
        .name = "signals",
        .kind = PARAMETER_TEXTS,
        PARAMETER_AT(plan_trace, signals),
        .doc = "Globs of the signals that trace.vcd has, such as `ahb.*` or `*.HADDR`, by the "
               "names that "
               "`dmasim trace info --signals` prints, with their range or without; by default all. "
               "Each must match one.",
    },
    {
        .name = "from",
        .kind = PARAMETER_TIME,
        PARAMETER_AT(plan_trace, from_ps),
        .doc = "trace.vcd begins here, with the values that hold then.",
    },
    {
        .name = "to",
        .kind = PARAMETER_TIME,
        PARAMETER_AT(plan_trace, to_ps),
        .initial = UINT64_MAX,
        .max = PARAMETER_TIME_MAX,
        .doc = "And ends here, changes at this time included; by default at the end of the run.",
    },
    {
        .name = "clocks",
        .kind = PARAMETER_BOOL,
        PARAMETER_AT(plan_trace, clocks),
        .doc = "Whether it has the clocks as signals too, as with --clocks; makes it large.",
    },
    {
        .name = "compress",
        .kind = PARAMETER_ENUM,
        PARAMETER_AT(plan_trace, compress),
        .names = compress_names,
        .doc = "zst: packs it while it is written, into trace.vcd.zst, as --compress does.",
    },
    {0},
};

const struct parameter scenario_top_parameters[] = {
    {
        .name = "name",
        .kind = PARAMETER_TEXT,
        PARAMETER_AT(scenario_top, name),
        .doc = "Name of the scenario and of its output directory; by default that of the file.",
    },
    {
        .name = "seed",
        .kind = PARAMETER_UINT,
        PARAMETER_AT(scenario_top, seed),
        .initial = 1,
        .doc = "Seed of everything random.",
    },
    {
        .name = "stop",
        .kind = PARAMETER_TIME,
        PARAMETER_AT(scenario_top, stop_ps),
        .initial = UINT64_C(1000000000000),
        .min = 1,
        .max = UINT64_C(1000000000000000000),
        .doc = "Latest end of the run; it ends earlier when all work is done.",
    },
    {
        .name = "directory",
        .kind = PARAMETER_TEXT,
        PARAMETER_AT(scenario_top, directory),
        .doc = "Where relative file names start, itself relative to the scenario file; by default "
               "beside it.",
    },
    {
        .name = "trace",
        .kind = PARAMETER_GROUP,
        PARAMETER_AT(scenario_top, trace),
        .sub = trace_parameters,
        .doc =
            "What trace.vcd shows of the run; the run itself, and all other results, are the same "
            "whatever it says.",
    },
    {
        .name = "expect",
        .kind = PARAMETER_TEXTS,
        PARAMETER_AT(scenario_top, expect),
        .doc = "What must hold of the run when it is over, else it ends with exit code 1: "
               "conditions over the figures of "
               "summary.csv and the columns of transfers.csv (results.md), such as "
               "`transfers.failed == 1` or "
               "`transfer.copy.status == 'error'`. What a condition names is judged by it alone.",
    },
    {0},
};

const char *const section_keys[SECTION_COUNT] = {
#define COMPONENT_SECTION(id, key, refers) key,
    COMPONENT_SECTION_MAP(COMPONENT_SECTION)
#undef COMPONENT_SECTION
};

static const uint8_t section_refers[SECTION_COUNT] = {
#define COMPONENT_SECTION(id, key, refers) refers,
    COMPONENT_SECTION_MAP(COMPONENT_SECTION)
#undef COMPONENT_SECTION
};

enum component_section refers_section(unsigned refers)
{
    for (int s = 0; s < SECTION_COUNT; s++)
        if (section_refers[s] == refers && refers != REFERS_NOTHING)
            return (enum component_section)s;
    return SECTION_COUNT;
}

const char *section_noun(enum component_section section)
{
    static const char *const nouns[SECTION_COUNT] = {
        [SECTION_CLOCKS] = "clock",
        [SECTION_BUSES] = "bus",
        [SECTION_CPUS] = "CPU",
        [SECTION_CONTROLLERS] = "controller",
        [SECTION_MASTERS] = "master",
        [SECTION_MEMORIES] = "memory",
        [SECTION_PERIPHERALS] = "peripheral",
        [SECTION_WORK] = "work entry",
    };
    return nouns[section];
}

const struct component_type *scenario_type(const struct component_type *const *types,
                                           enum component_section section, const char *name)
{
    for (; *types; types++)
        if ((*types)->section == section && !strcmp((*types)->name, name))
            return *types;
    return NULL;
}

const struct component_type *scenario_default_type(const struct component_type *const *types,
                                                   enum component_section section)
{
    for (; *types; types++)
        if ((*types)->section == section)
            return *types;
    return NULL;
}

const struct parameter *scenario_table(const struct scenario *self,
                                       const struct component_type *type)
{
    for (size_t i = 0; type->call && self->types[i]; i++)
        if (self->types[i] == type)
            return self->tables[i];
    return type->parameters;
}

const struct parameter *parameter_group_with(const struct parameter *table, const char *key)
{
    for (const struct parameter *p = table; p && p->name; p++)
        for (const struct parameter *q = p->kind == PARAMETER_GROUP ? p->sub : NULL; q && q->name;
             q++)
            if (parameter_is_key(q) && !strcmp(q->name, key))
                return p;
    return NULL;
}

/* False if memory is short. */
static bool make_tables(struct scenario *self)
{
    size_t count = 0;
    while (self->types[count])
        count++;
    self->tables = scenario_alloc(self, count * sizeof(*self->tables));
    for (size_t i = 0; self->tables && i < count; i++) {
        const struct component_type *type = self->types[i];
        if (!type->call)
            continue;
        const size_t rows = driver_table_rows(type, self->plan.drivers);
        struct parameter *table = scenario_alloc(self, rows * sizeof *table);
        if (!table)
            return false;
        driver_table(type, self->plan.drivers, table);
        self->tables[i] = table;
    }
    return self->tables;
}

void *scenario_alloc(struct scenario *self, size_t bytes)
{
    void *memory = arena_alloc(&self->arena, bytes ? bytes : 1);
    if (!memory)
        report_add(&self->report, DMASIM_MEMORY, (struct place){0}, "out of memory");
    return memory;
}

void scenario_error(struct scenario *self, struct place place, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    report_addv(&self->report, DMASIM_INVALID, place, format, list);
    va_end(list);
}

bool scenario_name_valid(const char *name)
{
    size_t length = strnlen(name, SCENARIO_NAME_MAX + 1);
    if (length == 0 || length > SCENARIO_NAME_MAX || !strcmp(name, "none") ||
        !(ascii_letter(name[0]) || name[0] == '_'))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!ascii_alnum(name[i]) && name[i] != '_' && name[i] != '-')
            return false;
    return true;
}

int scenario_find(const struct scenario *self, enum component_section section, const char *name)
{
    const uint32_t index = names_find(&self->names[section], name);
    return index == NAMES_NONE ? -1 : (int)index;
}

struct place scenario_place(const struct scenario *self, const struct component *component,
                            const char *parameter)
{
    const struct detail *detail = NULL;
    for (int s = 0; s < SECTION_COUNT && component; s++) {
        const uintptr_t first = (uintptr_t)self->plan.components[s], at = (uintptr_t)component;
        if (first && at >= first && at - first < self->plan.counts[s] * sizeof *component)
            detail = &self->details[s][(at - first) / sizeof *component];
    }
    if (!detail)
        return (struct place){0};
    for (size_t length = parameter ? strlen(parameter) : 0; length > 0; length--) {
        if (parameter[length] != '\0' && parameter[length] != '.')
            continue;
        for (const struct place_entry *entry = detail->places; entry; entry = entry->next)
            if (!strncmp(entry->path, parameter, length) && entry->path[length] == '\0')
                return entry->place;
    }
    return detail->place;
}

static void check_fail(struct check *check, const struct component *component,
                       const char *parameter, const char *format, ...)
{
    struct scenario *self = CONTAINER_OF(check, struct scenario, check);
    va_list list;
    va_start(list, format);
    report_addv(&self->report, DMASIM_INVALID, scenario_place(self, component, parameter), format,
                list);
    va_end(list);
    check->failures++;
}

const char *scenario_file(const struct scenario *self)
{
    return self->report.file;
}

/* The last of them is there already. */
static bool noted(const struct report *notes)
{
    const struct report_item *last = &notes->items[notes->total - 1];
    for (const struct report_item *item = notes->items; item < last; item++)
        if (memcmp(&item->place, &last->place, sizeof last->place) == 0 &&
            strcmp(item->text, last->text) == 0)
            return true;
    return false;
}

/* The same is told once, however many components it is found with. */
static void check_note(struct check *check, const struct component *component,
                       const char *parameter, const char *format, ...)
{
    struct scenario *self = CONTAINER_OF(check, struct scenario, check);
    if (!self->notes)
        self->notes = calloc(1, sizeof *self->notes);
    if (!self->notes)
        return;
    va_list list;
    va_start(list, format);
    report_addv(self->notes, DMASIM_OK, scenario_place(self, component, parameter), format, list);
    va_end(list);
    if (self->notes->total <= REPORT_MAX && noted(self->notes))
        self->notes->total--;
}

const struct plan *scenario_plan(const struct scenario *self)
{
    return &self->plan;
}

static void gather_at(struct scenario_check *self, struct place place, const char *format,
                      va_list list)
{
    self->check.failures++;
    if (!self->gathered)
        self->gathered = calloc(1, sizeof *self->gathered);
    if (!self->gathered)
        return;
    memcpy(self->gathered->file, self->scenario->report.file, sizeof self->gathered->file);
    report_addv(self->gathered, DMASIM_INVALID, place, format, list);
}

static void gather(struct check *check, const struct component *component, const char *parameter,
                   const char *format, ...)
{
    struct scenario_check *self = (struct scenario_check *)check;
    va_list list;
    va_start(list, format);
    gather_at(self, scenario_place(self->scenario, component, parameter), format, list);
    va_end(list);
}

void scenario_check_expectation(struct scenario_check *self, uint32_t index, size_t offset,
                                const char *format, ...)
{
    struct place place = self->scenario->expectations[index].place;
    va_list list;
    place.column += (uint32_t)offset;
    va_start(list, format);
    gather_at(self, place, format, list);
    va_end(list);
}

void scenario_check_start(struct scenario_check *self, const struct scenario *scenario)
{
    *self = (struct scenario_check){.check.fail = gather, .scenario = scenario};
}

int scenario_check_end(struct scenario_check *self,
                       void (*report)(void *context, const struct dmasim_error *error),
                       void *context)
{
    int code = self->check.failures ? DMASIM_MEMORY : DMASIM_OK;
    if (self->gathered)
        code = report_give(self->gathered, report, context);
    free(self->gathered);
    self->gathered = NULL;
    self->check.failures = 0;
    return code;
}

struct scenario *scenario_hold(const struct scenario *self)
{
    struct scenario *held =
        (struct scenario *)(uintptr_t)self; /* only the number of holders changes */
    atomic_fetch_add_explicit(&held->holders, 1, memory_order_relaxed);
    return held;
}

void scenario_free(struct scenario *self)
{
    while (self && atomic_fetch_sub_explicit(&self->holders, 1, memory_order_acq_rel) == 1) {
        struct scenario *parent = self->parent;
        arena_free(&self->arena);
        free(self);
        self = parent;
    }
}

/* The file's name without directory and ending, as a name. */
static const char *default_name(struct scenario *self, const char *file)
{
    const char *slash = strrchr(file, '/');
    char *name = arena_text(&self->arena, slash ? slash + 1 : file);
    if (!name)
        return "scenario";
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
    if (strlen(name) > SCENARIO_NAME_MAX)
        name[SCENARIO_NAME_MAX] = '\0';
    for (char *at = name; *at; at++)
        if (!ascii_alnum(*at) && *at != '_' && *at != '-')
            *at = '_';
    return scenario_name_valid(name) ? name : "scenario";
}

static struct scenario *scenario_new(const char *file, const struct scenario_options *options)
{
    struct scenario *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->check.fail = check_fail;
    self->check.note = check_note;
    self->fixup_tail = &self->fixups;
    self->types = options->types;
    self->plan.drivers = options->drivers;
    self->confined = options->confine;
    atomic_init(&self->holders, 1);
    size_t length = strnlen(file, sizeof self->report.file - 1);
    memcpy(self->report.file, file, length);
    self->name = default_name(self, file);
    if (make_tables(self))
        return self;
    scenario_free(self);
    return NULL;
}

/* Reports what was found; ends the scenario if there was an error. */
static int finish(struct scenario *self, const struct scenario_options *options,
                  struct scenario **out)
{
    int code = report_give(&self->report, options->report, options->context);
    if (code == DMASIM_OK && self->notes) {
        self->plan.notes = self->notes->total;
        memcpy(self->notes->file, self->report.file, sizeof self->notes->file);
        report_give(self->notes, options->note, options->context);
    }
    free(self->notes);
    self->notes = NULL;
    *out = code == DMASIM_OK ? self : NULL;
    if (code != DMASIM_OK)
        scenario_free(self);
    return code;
}

/* From the tree `root`, with the options' overrides laid over it. */
static void read_tree(struct scenario *self, const struct node *root,
                      const struct scenario_options *options)
{
    for (size_t i = 0; i < options->override_count; i++)
        override_apply(self, &root, options->overrides[i], ++self->overrides);
    self->root = root;
    read_scenario(self, root, self->name);
    link_scenario(self);
}

static void build(struct scenario *self, const char *text, size_t length,
                  const struct scenario_options *options)
{
    const struct node *root = tree_parse(&self->arena, &self->report, text, length, 0, 0);
    if (root)
        read_tree(self, root, options);
}

int scenario_derive(const struct scenario *from, const struct scenario_options *options,
                    struct scenario **out)
{
    struct scenario_options same = options ? *options : (struct scenario_options){0};
    same.types = from->types;
    same.drivers = from->plan.drivers;
    struct scenario *self = scenario_new(from->report.file, &same);
    *out = NULL;
    if (!self)
        return DMASIM_MEMORY;
    self->parent = scenario_hold(from);
    self->origin = from->origin;
    self->name = from->name;
    self->overrides = from->overrides;
    read_tree(self, from->root, &same);
    return finish(self, &same, out);
}

int scenario_build_text(const char *text, size_t length, const char *name, const char *directory,
                        const struct scenario_options *options, struct scenario **out)
{
    struct scenario *self = scenario_new(name, options);
    *out = NULL;
    if (!self)
        return DMASIM_MEMORY;
    self->origin = directory ? arena_text(&self->arena, directory) : NULL;
    build(self, text, length, options);
    return finish(self, options, out);
}

int scenario_build_file(const char *path, const struct scenario_options *options,
                        struct scenario **out)
{
    struct scenario *self = scenario_new(path, options);
    *out = NULL;
    if (!self)
        return DMASIM_MEMORY;
    const char *slash = strrchr(path, '/');
    char *origin = arena_text(&self->arena, slash ? path : ".");
    if (slash && origin)
        origin[slash == path ? 1 : slash - path] = '\0';
    self->origin = origin;
    size_t length;
    const char *why;
    char *text = text_file_read(path, TREE_TEXT_MAX, &length, &why);
    if (text)
        build(self, text, length, options);
    else
        report_add(&self->report, DMASIM_IO, (struct place){0}, "cannot read the scenario: %s",
                   why);
    free(text);
    return finish(self, options, out);
}
