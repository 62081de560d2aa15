/* SPDX-License-Identifier: BSD-2-Clause */
/* iommu_state: the registers of an IOMMU and what its parts tell each other in a cycle. For its own files only. */
#ifndef DMASIM_IOMMU_STATE_H
#define DMASIM_IOMMU_STATE_H

#include "iommu/iommu.h"
#include "kernel/base.h"

/* Bits `high` down to `low` of a word. */
static inline uint64_t bits(uint64_t word, unsigned high, unsigned low)
{
    return word >> low & (~UINT64_C(0) >> (63 - (high - low)));
}

static inline bool bit(uint64_t word, unsigned number)
{
    return word >> number & 1;
}

/* `word` with bits `high` down to `low` of another. */
static inline uint64_t with_bits(uint64_t word, unsigned high, unsigned low, uint64_t from)
{
    uint64_t mask = (~UINT64_C(0) >> (63 - (high - low))) << low;
    return (word & ~mask) | (from & mask);
}

/* TTYP of a record without process contexts. */
enum iommu_access_type { IOMMU_NONE, IOMMU_EXECUTE, IOMMU_READ, IOMMU_WRITE };

/* CAUSE of a record (specification, table of fault causes). */
enum iommu_cause {
    IOMMU_LOAD_PAGE_FAULT = 13,
    IOMMU_STORE_PAGE_FAULT = 15,
    IOMMU_LOAD_GUEST_FAULT = 21,
    IOMMU_STORE_GUEST_FAULT = 23,
    IOMMU_ALL_DISALLOWED = 256,
    IOMMU_DIRECTORY_INVALID = 258,
    IOMMU_DIRECTORY_MISCONFIGURED = 259,
    IOMMU_TYPE_DISALLOWED = 260,
    IOMMU_DIRECTORY_CORRUPT = 268,
    IOMMU_PAGE_TABLE_CORRUPT = 274,
};

/* Bits of a page-table entry. */
enum { PTE_V = 0, PTE_R = 1, PTE_W = 2, PTE_X = 3, PTE_U = 4, PTE_G = 5, PTE_A = 6, PTE_D = 7 };

static inline uint64_t pte_ppn(uint64_t pte)
{
    return bits(pte, 53, 10);
}

/* Words of a device context. */
enum { DC_TC, DC_IOHGATP, DC_TA, DC_FSC, DC_WORDS };
enum { TC_V = 0, TC_DTF = 4, TC_PDTV = 5, TC_SXL = 11 };

/* ---- caches ------------------------------------------------------------------------------------ */

struct iommu_context {
    bool valid;
    uint32_t device;
    uint64_t words[DC_WORDS];
};

struct iommu_page {
    bool valid;
    bool s1, s2;                     /* stages that were on */
    bool s1_2m, s1_1g, s2_2m, s2_1g; /* sizes */
    uint32_t pscid, gscid;
    uint32_t vpn;        /* iova 40:12 */
    uint64_t pte1, pte2; /* 0: none */
};

/* ---- walkers ----------------------------------------------------------------------------------- */

enum iommu_directory_state {
    DIRECTORY_IDLE,
    DIRECTORY_ASK,     /* ARVALID */
    DIRECTORY_WAIT,    /* for beats */
    DIRECTORY_SWALLOW, /* the rest of a context that is wrong */
    DIRECTORY_FAULT,
    DIRECTORY_UPDATE,
};

struct iommu_directory_walker {
    uint8_t state;
    bool edge;
    uint8_t level; /* of tables left: 0 reads the context */
    uint8_t beat;
    uint16_t cause;
    uint32_t device;
    uint64_t address;
    uint64_t words[DC_WORDS];
};

enum iommu_page_state { PAGE_IDLE, PAGE_ASK, PAGE_WAIT, PAGE_FAULT };

/* Stage A: a first-stage entry; I: the second-stage entries of where one lies; F: those of the result. */
enum iommu_stage { STAGE_A, STAGE_I, STAGE_F };

enum iommu_page_fault { FAULT_PAGE, FAULT_GUEST, FAULT_CORRUPT };

struct iommu_page_walker {
    uint8_t state, stage, fault;
    bool edge;
    bool implicit;
    bool global;
    uint8_t level;  /* 1 is the root */
    uint8_t level1; /* the first stage's, while the second is walked */
    uint32_t pscid, gscid;
    uint64_t iova;
    uint64_t gpa, x; /* of the result, of the first-stage entry */
    uint64_t leaf1;
    uint64_t address;
};

/* ---- queues ------------------------------------------------------------------------------------ */

enum iommu_command_state {
    COMMAND_IDLE,
    COMMAND_FETCH,
    COMMAND_BEATS,
    COMMAND_DECODE,
    COMMAND_ADDRESS,
    COMMAND_DATA,
    COMMAND_ANSWER,
    COMMAND_ERROR,
};

struct iommu_command_queue {
    uint8_t state;
    bool enabled;
    uint8_t beat;
    uint64_t address;
    uint64_t words[2];
};

enum iommu_record_state {
    RECORD_IDLE,
    RECORD_ADDRESS,
    RECORD_DATA,
    RECORD_ANSWER,
    RECORD_ERROR,
};

enum { IOMMU_RECORD_WORDS = 4, IOMMU_RECORDS = 4 };

struct iommu_record {
    uint64_t words[IOMMU_RECORD_WORDS];
};

struct iommu_fault_queue {
    uint8_t state;
    bool enabled;
    bool edge; /* something was reported in the cycle before */
    uint8_t count, first, beat;
    uint64_t address;
    struct iommu_record records[IOMMU_RECORDS];
    struct iommu_record head; /* being written */
};

/* ---- router ------------------------------------------------------------------------------------ */

enum { IOMMU_WRITES_LISTED = 8, IOMMU_OF_ONE_ID = 7, IOMMU_ERRORS_WAITING = 2 };

/* Unfinished requests of one id. All go to one place. */
struct iommu_unfinished {
    uint8_t count;
    bool right; /* to the completion port, not to the error responder */
};

struct iommu_router {
    struct iommu_unfinished reads[IOMMU_IDS], writes[IOMMU_IDS];
    bool ar_held, aw_held; /* offered and not accepted */
    uint8_t listed, first;
    bool list[IOMMU_WRITES_LISTED]; /* where the W of each AW goes: the completion port */
    uint8_t r_next, b_next;
};

struct iommu_responder {
    bool reading, shown; /* a burst; its beats */
    uint8_t id, left;
    bool writing; /* waits for its last W */
    uint8_t write_id;
    uint8_t answers, answer_ids[IOMMU_ERRORS_WAITING];
};

/* ---- registers --------------------------------------------------------------------------------- */

struct iommu_counter {
    uint64_t value, event;
};

enum { COUNTED = 5 }; /* kinds of event that the RTL has */

struct iommu_registers {
    uint32_t fctl;
    uint64_t ddtp;
    uint32_t ddtp_low, ddtp_high; /* halves until both are there */
    bool has_low, has_high, ddtp_busy;
    uint64_t cqb, fqb;
    uint32_t cqh, cqt, fqh, fqt;
    uint32_t cqcsr, fqcsr; /* but for on and busy */
    bool cqon, cqbusy, fqon, fqbusy;
    uint32_t ipsr;
    uint32_t inhibit;
    uint64_t cycles;
    struct iommu_counter counters[IOMMU_COUNTERS_MAX];
    bool level[COUNTED], counted[COUNTED]; /* of the cycle before; to count in this one */
    uint32_t counted_device, counted_gscid, counted_pscid;
    uint64_t debug_iova, debug_control, debug_response;
    bool debug_go, debug_on;
    uint32_t icvec;
};

/* One access of the CPU. */
struct iommu_programming {
    bool busy, write;
    uint8_t bytes;
    uint8_t age; /* cycles since it was accepted */
    uint16_t offset;
    uint64_t data;
};

/* ---- a cycle ----------------------------------------------------------------------------------- */

/* What somebody wants translated. */
struct iommu_question {
    uint8_t type; /* enum iommu_access_type */
    bool privileged;
    uint32_t device;
    uint64_t iova;
};

struct iommu_translation {
    struct iommu_question of;
    bool request, debug; /* a device asks; the debug registers may */
    bool bound;          /* the burst crosses a page */
    bool directory_missed, page_looked, page_missed;
    uint32_t directory_hits, page_hits; /* entries that match */
    bool s1, s2;
    uint32_t pscid, gscid;
    uint64_t root1, root2; /* ppn of fsc, of iohgatp */
    bool dtf;
    bool valid, error, report;
    bool super;
    uint16_t cause;
    uint64_t guest; /* iotval2 */
    uint64_t address;
};

/* What the queues and walkers say in a cycle. */
struct iommu_signals {
    struct iommu_translation translation;
    uint8_t reads_asking, writes_asking; /* for port `tables`, a bit each */
    uint8_t ar_source, aw_source;        /* whose address it shows */
    bool inflight;                       /* a request, or the debug registers */
    bool invalidate_directory, invalidate_pages;
    bool offer_ar, offer_aw;          /* the router does */
    bool error_ar, error_aw, error_w; /* to the responder */
    bool r_right, b_right;            /* R, B from the completion port */
    uint32_t read;                    /* the register that the CPU reads */
};

/* Inputs of the arbiters of port `tables`. */
enum iommu_source { SOURCE_FAULTS = 2, SOURCE_COMMANDS = 3 };              /* AW */
enum { SOURCE_COMMAND_READS = 2, SOURCE_DIRECTORY = 3, SOURCE_PAGES = 4 }; /* AR */
enum { ID_PAGES = 0, ID_DIRECTORY = 1, ID_COMMAND_READS = 2 };             /* of AR */
enum { ID_COMMANDS = 0, ID_FAULTS = 1 };                                   /* of AW */

struct iommu_arbiter {
    uint8_t next;
    uint8_t held; /* inputs that were considered when nobody took the address; 0: none */
};

enum iommu_request_state { REQUEST_IDLE, REQUEST_READ, REQUEST_WRITE };

struct iommu {
    struct iommu_config config;
    uint8_t request;                       /* enum iommu_request_state */
    bool go_ar, go_aw, right_ar, right_aw; /* offered; to the completion port */
    struct iommu_context contexts[IOMMU_DDTC_MAX];
    struct iommu_page pages[IOMMU_IOTLB_MAX];
    uint32_t context_tree, page_tree; /* bit i: node i */
    struct iommu_directory_walker directory;
    struct iommu_page_walker walker;
    struct iommu_command_queue commands;
    struct iommu_fault_queue faults;
    struct iommu_arbiter reads, writes; /* of port `tables` */
    uint8_t w_order[2], w_orders;       /* whose W comes next */
    struct iommu_router router;
    struct iommu_responder responder;
    struct iommu_registers registers;
    struct iommu_programming programming;
    struct iommu_signals now; /* of the cycle that iommu_settle() was told of */
};

/* ---- the parts, each in a file of its own ------------------------------------------------------- */

void iommu_translate(struct iommu *self, const struct iommu_inputs *in);

/* Matching entries, one bit each. */
uint32_t iommu_find_context(const struct iommu *self, uint32_t device);
uint32_t iommu_find_page(const struct iommu *self, const struct iommu_translation *asked);
void iommu_cache_edge(struct iommu *self, const struct iommu_inputs *in);

/* The page walker's fill in this cycle; false if there is none. */
bool iommu_walker_fills(const struct iommu *self, const struct iommu_inputs *in,
                        struct iommu_page *page);
/* A walker tells a fault in this cycle. */
bool iommu_directory_faults(const struct iommu *self, const struct iommu_inputs *in);
uint16_t iommu_walker_cause(const struct iommu *self, uint8_t type);
void iommu_walkers_edge(struct iommu *self, const struct iommu_inputs *in,
                        const struct iommu_outputs *out);

void iommu_queues_settle(struct iommu *self, struct iommu_outputs *out);
void iommu_queues_edge(struct iommu *self, const struct iommu_inputs *in,
                       const struct iommu_outputs *out);

void iommu_router_settle(struct iommu *self, const struct iommu_inputs *in,
                         struct iommu_outputs *out);
void iommu_router_edge(struct iommu *self, const struct iommu_inputs *in,
                       const struct iommu_outputs *out);

uint8_t iommu_interrupt_wires(const struct iommu *self);
void iommu_registers_settle(struct iommu *self, const struct iommu_inputs *in,
                            struct iommu_outputs *out);
/* Hardware first, then the CPU: who writes last wins. */
void iommu_counters_edge(struct iommu *self);
void iommu_debug_edge(struct iommu *self, const struct iommu_inputs *in);
void iommu_registers_edge(struct iommu *self, const struct iommu_inputs *in);

#endif
