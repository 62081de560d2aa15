/* SPDX-License-Identifier: BSD-2-Clause */
/* internal: what the files of scenario/ share. */
#ifndef DMASIM_SCENARIO_INTERNAL_H
#define DMASIM_SCENARIO_INTERNAL_H

#include <stdatomic.h>

#include "plan/driver.h"
#include "scenario/names.h"
#include "scenario/scenario.h"
#include "scenario/tree.h"
#include "scenario/value.h"

#define SCENARIO_COMPONENTS_MAX 1024u /* of one section */
#define SCENARIO_WORK_MAX 1000000u
#define SCENARIO_NAME_MAX 63
#define SCENARIO_PATH_MAX 200 /* bytes of a dotted path inside a component */
#define SCENARIO_FILE_MAX (64u * 1024u * 1024u)
#define SCENARIO_FILES_MAX (256u * 1024u * 1024u) /* of all files of a scenario */

/* The keys at the top that are no sections. */
struct scenario_top {
    const char *name;
    uint64_t seed;
    uint64_t stop_ps;
    const char *directory;
    struct plan_trace trace;
    struct parameter_list expect; /* texts; read again with their places */
};
extern const struct parameter scenario_top_parameters[];

/* Where in the file a parameter of a component was set. */
struct place_entry {
    struct place_entry *next;
    struct place place;
    char path[];
};

/* A component refers to another. */
struct edge {
    struct edge *next;
    enum component_section section;
    uint32_t index;
    bool work; /* by a REFERS_WORK parameter */
    struct place place;
};

/* What the plan does not need of a component. */
struct detail {
    struct place place;
    const struct node *node; /* its parameters; null: none given */
    void *config;            /* that of the plan's component, to be filled */
    struct place_entry *places;
    struct edge *edges;
    uint32_t pending;      /* address expressions not resolved yet */
    bool broken;           /* it has errors: not checked any further */
    uint8_t mark;          /* of the search for loops, then of that for what is broken */
    const struct edge *at; /* where that search goes on, */
    struct detail *from;   /* and where it came from */
};

/* An address expression, resolved when all components are read. */
struct fixup {
    struct fixup *next;
    enum component_section section;
    uint32_t index;
    const struct parameter *parameter;
    void *member;
    size_t member_bytes;
    const char *text;
    struct place place;
    bool done;
};

struct loaded_file {
    struct loaded_file *next;
    const char *path;
    const uint8_t *bytes;
    size_t length;
};

/* A file that a component writes. */
struct output_name {
    struct output_name *next; /* the one read before */
    const char *text;
    struct place place;
    uint32_t order; /* of reading */
};

struct scenario {
    bool untyped; /* a component is left out, as its type is not known */
    struct plan plan;
    atomic_uint holders;     /* who frees it last frees it */
    struct scenario *parent; /* of whose tree this one is made; held; null: none */
    const struct node *root; /* the tree that was read, with the overrides in it */
    uint32_t overrides;      /* laid over it, those of the parents too: numbers of their sources */
    struct check check;      /* of the types' own checks, while it is being read */
    struct arena arena;
    struct report report;
    struct report *notes; /* of a good scenario, until they are told; null: none */
    const struct component_type *const *types;
    const struct parameter **tables; /* of calls, by index of their type; else null */
    const char *name;                /* the default one: the file's */
    const char *origin;              /* directory of the scenario file; null: no files */
    const char *directory;           /* value of the key; null: not given */
    struct detail *details[SECTION_COUNT];
    struct names names[SECTION_COUNT]; /* of components, to their indices */
    struct names
        listed[SECTION_COUNT]; /* keys of the sections, whether a component came of them or not */
    struct fixup *fixups, **fixup_tail;
    struct loaded_file *files;
    struct scenario_expectation *expectations;
    uint32_t expectation_count;
    uint64_t file_bytes;
    bool confined; /* to files in `origin` */
    struct output_name *outputs;
    uint32_t output_count;
    uint32_t visits;
    bool exhausted; /* too many visits: reading stopped */
};

extern const char *const section_keys[SECTION_COUNT];

/* The section a `refers` kind looks in, SECTION_COUNT if none. */
enum component_section refers_section(unsigned refers);

/* "clock", "memory" ...: one of them, for messages. */
const char *section_noun(enum component_section section);

const struct component_type *scenario_type(const struct component_type *const *types,
                                           enum component_section section, const char *name);
const struct component_type *scenario_default_type(const struct component_type *const *types,
                                                   enum component_section section);

/* The parameters of a type, with those of the drivers if it is a call. */
const struct parameter *scenario_table(const struct scenario *self,
                                       const struct component_type *type);

/* False for the entries of a table that are no keys. */
static inline bool parameter_is_key(const struct parameter *parameter)
{
    return parameter->kind != PARAMETER_GIVEN && parameter->kind != PARAMETER_PLACE;
}

/* The first group of a table that has this key; null if none has. */
const struct parameter *parameter_group_with(const struct parameter *table, const char *key);

static inline void *member_of(void *base, const struct parameter *parameter)
{
    return (char *)base + parameter->offset;
}

static inline const void *const_member_of(const void *base, const struct parameter *parameter)
{
    return (const char *)base + parameter->offset;
}

/* Memory of the scenario; null after reporting that there is none. */
void *scenario_alloc(struct scenario *self, size_t bytes);

void scenario_error(struct scenario *self, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A readable name for outputs and references: letters, digits, "_" and "-", a letter first. */
bool scenario_name_valid(const char *name);

/* override.c: applies "path=value" number `index` (from 1) to the tree; *root may be replaced. */
void override_apply(struct scenario *self, const struct node **root, const char *text,
                    uint32_t index);

/* sections.c: the whole tree to a plan. */
void read_scenario(struct scenario *self, const struct node *root, const char *default_name);

/* expect.c: the conditions of the top's key. */
void read_expectations(struct scenario *self, const struct node *root);

/* read.c: one map by a table, over the defaults already laid in base. `reserved` are keys somebody
 * else reads (null-terminated, may be null). section is SECTION_COUNT for the top. */
void read_map(struct scenario *self, enum component_section section, uint32_t index,
              const struct parameter *table, void *base, const struct node *map,
              const char *const *reserved);
void read_defaults(const struct parameter *table, void *base);

/* claims.c: nothing that one component alone can have is claimed twice. */
void check_claims(struct scenario *self);

/* link.c: address expressions, loops, regions, the types' own checks. */
void link_scenario(struct scenario *self);

/* True if the section has a key of this name, be it wrong. */
static inline bool scenario_listed(const struct scenario *self, enum component_section section,
                                   const char *name)
{
    return names_find(&self->listed[section], name) != NAMES_NONE;
}

/* Index of a component by name in a section, -1 if unknown. */
int scenario_find(const struct scenario *self, enum component_section section, const char *name);

/* The place of a parameter, or of the closest thing around it. */
struct place scenario_place(const struct scenario *self, const struct component *component,
                            const char *parameter);

/* A file name of the scenario as the process can open it: relative ones start at the scenario's
 * directory. The result lies in `arena`; null if memory is short or there is no directory. */
const char *scenario_path(const struct scenario *self, struct arena *arena, const char *name);

/* file.c: loads a file; false after an error. */
bool file_load(struct scenario *self, struct place place, const char *name,
               struct parameter_blob *blob);

/* outputs.c: a file that a component writes; and, of all of them, that each has a name of its own. */
void outputs_add(struct scenario *self, const char *text, struct place place);
void outputs_check(struct scenario *self);

/* scenario.c: scenario_load() and scenario_load_text() with options and types not null. */
int scenario_build_file(const char *path, const struct scenario_options *options,
                        struct scenario **out);
int scenario_build_text(const char *text, size_t length, const char *name, const char *directory,
                        const struct scenario_options *options, struct scenario **out);

/* ---- examples.c: an entry of a section for each type, on one line of YAML ----------------------- */

struct scenario_example {
    enum component_section section;
    const char *type, *text; /* text: null at the end */
};
extern const struct scenario_example scenario_examples[];

/* Null if there is none. */
const char *scenario_example(enum component_section section, const char *type);

/* schema.c, reference.c */
void schema_write(const struct component_type *const *types,
                  const struct work_driver *const *drivers, FILE *out);
void reference_write(const struct component_type *const *types,
                     const struct work_driver *const *drivers, FILE *out);

#endif
