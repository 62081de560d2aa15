/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * component: anything a scenario can name (a clock, a bus, a memory, a controller, a transfer), as a
 * row in a table of types and an entry in a plan.
 *
 * A scenario becomes a plan: one struct component for each named object, its config struct filled
 * from the type's parameter table. system_create() calls each type's create() in the order of the
 * sections below, so that a component finds what it refers to already built.
 *
 * A new kind of component is one row in model/system.c's list, and nothing else changes.
 */
#ifndef DMASIM_COMPONENT_H
#define DMASIM_COMPONENT_H

#include "kernel/probe.h"
#include "kernel/random.h"
#include "kernel/state.h"
#include "kernel/wire.h"
#include "plan/cause.h"
#include "plan/counter.h"
#include "plan/parameter.h"
#include "registers/register.h"

/* In the order of building. The names are the keys of a scenario's top level. */
#define COMPONENT_SECTION_MAP(X)                                                                   \
    X(CLOCKS, "clocks", REFERS_CLOCK)                                                              \
    X(BUSES, "buses", REFERS_BUS)                                                                  \
    X(CPUS, "cpus", REFERS_CPU)                                                                    \
    X(CONTROLLERS, "controllers", REFERS_CONTROLLER)                                               \
    X(MASTERS, "masters", REFERS_NOTHING)                                                          \
    X(MEMORIES, "memories", REFERS_MEMORY)                                                         \
    X(PERIPHERALS, "peripherals", REFERS_PERIPHERAL)                                               \
    X(WORK, "work", REFERS_WORK)

enum component_section {
#define COMPONENT_SECTION(id, key, refers) SECTION_##id,
    COMPONENT_SECTION_MAP(COMPONENT_SECTION)
#undef COMPONENT_SECTION
        SECTION_COUNT
};

struct component_type;
struct store;           /* memory/store.h */
struct host_port;       /* bus/host_port.h */
struct work_driver;     /* plan/driver.h */
struct outside_list;    /* outside/outside.h */
struct feed;            /* bus/feed.h */
struct log_text;        /* plan/log.h */
struct log_line;        /* plan/log.h */
struct transfer_record; /* bus/records.h */

/* Where something else is joined to a component, other than a bus. */
enum port_kind {
    PORT_INTERRUPT, /* struct wire: an output, whose level one CPU sees */
    PORT_REQUEST, /* struct dma_handshake: a request line that a controller offers to peripherals */
    PORT_STREAMS, /* struct stream_ports: streams, FIFOs and the pin that starts them */
};

/* One, or several of a kind that are alike. */
struct component_port {
    const char *name;
    enum port_kind kind;
    void *link; /* the first one's, by kind; the others' lie behind, stride_bytes apart */
    uint32_t count;
    size_t stride_bytes;
    struct component *to; /* of interrupts: who takes them; null: nobody */
    struct component_port *next;
};

struct component {
    const char *name;
    const struct component_type *type;
    const void *config; /* type->config_bytes, by type->parameters */
    struct parameter_place place;

    /* Filled by create() in the copy that a system makes of its plan; null in a plan. */
    void *instance;
    struct clock *clock;
    struct store *store;          /* what a memory holds */
    struct component_port *ports; /* in the order of build_port() */
    struct wire *interrupt;       /* of its first interrupt output; null if it has none */
    bool driven;                  /* a controller: calls of `work` run it, and tell its transfers */
    const struct component
        *ender;          /* of a call: the CPU of the programs that end it; null if none do */
    uint8_t descriptors; /* a CPU: whether a call builds some there; 0: nobody has looked yet */
    void *driver;        /* a controller: what its calls share; null: nothing, or no call yet */
};

/* All components of a scenario. A plan is configuration: whoever builds it reads it only, so it can be
 * built any number of times, in several threads at once. A system has a copy, in which each component
 * knows what was built of it. */
enum plan_compress { COMPRESS_NONE, COMPRESS_ZST };

/* What of a run its VCD shows. */
struct plan_trace {
    struct parameter_list signals; /* globs of their printed names; none: all */
    uint64_t from_ps, to_ps;       /* both inclusive; to_ps UINT64_MAX: to the end */
    bool clocks;                   /* as signals of their own too */
    uint8_t compress;              /* enum plan_compress */
};

struct plan {
    const char *name;
    uint64_t seed;
    uint64_t stop_ps; /* the run ends here at the latest */
    struct plan_trace trace;
    uint32_t notes; /* settings that cannot have their effect (struct check) */
    /* Who runs calls of `work`, one for each type of controller; ends with null. Null: nobody. */
    const struct work_driver *const *drivers;
    struct component *components[SECTION_COUNT];
    uint32_t counts[SECTION_COUNT];
};

/* What one component at a time can have: a request line, a pin, the input of a stream. */
struct component_claim {
    const struct component *of; /* whose it is */
    const char *what;           /* "request line"; of one owner no two things have the same */
    uint64_t number;            /* which of them; CLAIM_ALONE: there is one */
    const char *parameter;      /* of who claims it */
    const char *hint;           /* what to do instead; may be null */
};

#define CLAIM_ALONE UINT64_MAX

enum region_use { REGION_ANY, REGION_READS, REGION_WRITES };

/* Where a component answers on a bus. */
struct component_region {
    uint16_t bus; /* index in SECTION_BUSES */
    uint64_t base, bytes;
    uint64_t offset; /* what access() takes for the first byte */
    uint8_t use;     /* enum region_use: what is answered */
};

/* Where regions may lie on a bus. */
struct bus_space {
    uint32_t unit_bytes; /* regions start and end at multiples of it */
    const char *unit;    /* the same in words, for messages */
    uint64_t last;       /* last address */
    const char *width;   /* the same in words */
};

/* A file that a component leaves behind, below the output directory. */
struct component_output {
    const char *file;
    const char *stream; /* name of the "stream" probe whose bytes it gets; null: the bytes below */
    const uint8_t *bytes; /* as they are when the run is over */
    size_t length;
};

/* Collects what create() and check() find wrong; the scenario layer adds the place of the parameter
 * (null: of the component). A dotted path reaches inside: "arbiter.policy", "steps.3.value".
 * printf-like. */
struct check {
    void (*fail)(struct check *self, const struct component *component, const char *parameter,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
    uint32_t failures;
    /* A setting that is allowed and cannot have its effect. May be null: CHECK_NOTE. */
    void (*note)(struct check *self, const struct component *component, const char *parameter,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
};

#define CHECK_NOTE(check, ...) ((check)->note ? (check)->note((check), __VA_ARGS__) : (void)0)

/* Fails for each name that a list has a second time. Items begin with a const char * and have item_bytes. */
void check_names_once(struct check *check, const struct component *component, const char *parameter,
                      const struct parameter_list *list, size_t item_bytes);

/* What create() builds from and into. */
struct build {
    struct kernel *kernel;
    struct plan *plan; /* the system's */
    struct check *check;
    struct probe **probes;        /* tail of the system's list; see build_probe() */
    struct outside_list *outside; /* ports for whoever stands outside: outside/outside.h */
    bool unfilled; /* nobody will run it: memories need not hold what they start with */
};

struct component_type {
    const char *name; /* value of `type` in the scenario, or the call of a work entry */
    enum component_section section;
    const char *doc; /* one sentence */
    size_t config_bytes;
    const struct parameter *parameters;
    const struct register_map *registers; /* null if it has none */
    bool call; /* of `work`: drivers' groups follow its parameters and config (plan/driver.h) */
    const struct state_table *state; /* of its unit's struct, if it can repeat; else null */

    /* Builds the component into the kernel; sets instance and the links of *self. Returns DMASIM_OK,
     * or DMASIM_MEMORY / DMASIM_INVALID after check->fail. */
    int (*create)(struct build *build, struct component *self);

    /* Cross-field checks on the plan alone, before anything is built. May be null. */
    void (*check)(const struct plan *plan, const struct component *self, struct check *check);

    /* The index-th region it answers, say registers on one bus and data on another; false if there are
     * no more. May be null. */
    bool (*region)(const struct component *self, uint32_t index, struct component_region *region);

    /* Where the index-th region leads, if it is a window: the addresses of another bus, as many, that
     * are repeated in it. False if it answers by itself. Null: no region leads anywhere. */
    bool (*leads)(const struct component *self, uint32_t index, struct component_region *beyond);

    /* The index-th thing that it alone must have; false if there are no more. The loader refuses a plan in which
     * two claim the same. May be null. */
    bool (*claims)(const struct plan *plan, const struct component *self, uint32_t index,
                   struct component_claim *claim);

    /* How far apart its registers are on the bus, as a multiple of what its map says; null: 1. */
    uint32_t (*register_step)(const struct component *self);

    /* A zero-time access from outside at an offset (see component_region.offset); wakes the unit if it
     * matters. DMASIM_UNMAPPED for a hole. May be null. */
    int (*access)(struct component *self, uint64_t offset, unsigned size_bytes, bool write,
                  uint64_t *value);

    /* Peripherals only: a call of `work` joins the built device, to tell it of its transfers (bus/feed.h). */
    void (*fed)(const struct component *self, struct feed *feed);

    /* The index-th file of a built component; false if there are no more. May be null. */
    bool (*output)(const struct component *self, uint32_t index, struct component_output *output);

    /* The earliest time at which a built component changes an interrupt output, or reaches for anything but plain
     * memory without having been asked to, if nobody reaches for it first: no later than it may happen. SIM_NEVER: not
     * by itself. Null, of masters, CPUs and whoever has an interrupt output: as soon as anything happens. */
    sim_time (*earliest)(const struct component *self);

    /* The index-th transfer that was submitted to a built component and has not ended; false if there are no more.
     * May be null. */
    bool (*unended)(const struct component *self, uint32_t index, struct transfer_record *record);

    /* The index-th thing that a built component waits for, or that explains why others do, in words, when a run is over
     * with work left; false if there are no more. Changes nothing. May be null. */
    bool (*waits)(const struct component *self, uint32_t index, struct log_text *text);

    /* The index-th thing that a built component has not put away when its work is over, as a line of the log, and its
     * text; false if there are no more. Changes nothing. May be null. */
    bool (*leaves)(const struct component *self, uint32_t index, struct log_line *line,
                   struct log_text *text);

    /* Items of data that a built component had to drop, or had not when they were taken. May be null. */
    uint64_t (*lost)(const struct component *self);

    /* What the index-th part of a built component has counted up to and including time `now`, as far as that
     * is simulated; false if there are no more. Changes nothing. May be null. */
    bool (*counters)(const struct component *self, uint32_t index, sim_time now,
                     struct counter_part *part);

    /* Controllers, masters and CPUs: what its channel (a CPU: 0) does in the cycle that ends with the edge to come; false
     * if it has no such channel. Null: nobody asks. */
    bool (*does)(const struct component *self, uint32_t channel, struct cause_wait *wait);

    /* Buses: what their cycles go by with (plan/cause.h). Null: nobody asks. */
    const struct cause_bus *causes;

    /* Called once everything but `work` is built, say to check names that its config uses. Returns as
     * create(). May be null. */
    int (*complete)(struct build *build, struct component *self);

    /* CPUs only: an interrupt output of `source` becomes an input of *self, which is built. DMASIM_INVALID
     * after check->fail if there is no room. */
    int (*interrupt)(struct build *build, struct component *self, struct component *source,
                     const struct component_port *port);

    /* Buses only. space: what regions keep to. host_port: joins `host`, whose unit is in the kernel,
     * as a master of this bus (host_port.h); null after check->fail or if memory is short, or if no
     * CPU can be on it. */
    const struct bus_space *space;
    bool one_host; /* it has one CPU, or one master from outside in its place */
    struct host_port *(*host_port)(struct build *build, const struct component *self,
                                   const struct component *host, struct unit *unit);
};

/* Adds a probe to the system's list. The probe lies in the kernel's arena or in a unit there. */
static inline void build_probe(struct build *build, struct probe *probe, const char *name,
                               const struct probe_type *type, struct clock *clock,
                               const void *owner)
{
    *probe = (struct probe){
        .name = name, .type = type, .clock = clock, .owner = owner, .told = UINT8_MAX};
    *build->probes = probe;
    build->probes = &probe->link;
}

/* Adds a port to a component that is being built; *port is copied. DMASIM_OK or DMASIM_MEMORY. */
int build_port(struct build *build, struct component *component, const struct component_port *port);

/* An interrupt output, for the CPU with this index in its section; UINT16_MAX: for nobody. */
int build_interrupt(struct build *build, struct component *component, const char *name,
                    struct wire *wire, uint16_t cpu);

/* Request lines, one after the other in an array whose items are `stride_bytes` apart. */
static inline int build_requests(struct build *build, struct component *component, void *lines,
                                 uint32_t count, size_t stride_bytes)
{
    return build_port(build, component,
                      &(struct component_port){.name = "request",
                                               .kind = PORT_REQUEST,
                                               .link = lines,
                                               .count = count,
                                               .stride_bytes = stride_bytes});
}

/* The next port of a kind after `from` (null: the first); null if there are no more. */
const struct component_port *component_port(const struct component *self, enum port_kind kind,
                                            const struct component_port *from);

/* How many links of a kind it has, in all its ports, and the one with this index; null if it has fewer. */
uint32_t component_links(const struct component *self, enum port_kind kind);
void *component_link(const struct component *self, enum port_kind kind, uint32_t index);

/* Claims the place of the CPU on a bus that has one; false on others. */
bool claim_host(const struct plan *plan, uint16_t bus, uint32_t index,
                struct component_claim *claim);

/* The generator of a component: its own seed, varied by that of the scenario. */
static inline struct random build_random(const struct build *build, uint64_t seed)
{
    return random_seeded(seed + build->plan->seed * UINT64_C(0x9e3779b97f4a7c15));
}

/* The register with this name ("CH1_ADDRESS") and its offset in the first region; false if it has none. */
bool component_register(const struct component *self, const char *name, struct register_hit *hit,
                        uint32_t *offset);

/* Its index-th region; false if there are no more. */
static inline bool component_region(const struct component *self, uint32_t index,
                                    struct component_region *region)
{
    *region = (struct component_region){.bytes = 0};
    return self->type->region && self->type->region(self, index, region);
}

/* Index of the component that the first of its parameters of this kind names; UINT16_MAX: none. */
uint16_t component_reference(const struct component *self, enum parameter_refers refers);

/* The built clock with this index in its section. */
static inline struct clock *build_clock(const struct build *build, uint16_t index)
{
    return build->plan->components[SECTION_CLOCKS][index].instance;
}

#endif
