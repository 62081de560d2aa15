/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_reader: rows of a cycles.csv of an AXI port, for the AXI checker. */
#include "axi_checker.h"

#include <string.h>

#define COLUMN(label, how, member)                                                                 \
    {                                                                                              \
        label, how, offsetof(struct axi_check_row, member)                                         \
    }
#define ADDRESS(label, member)                                                                     \
    COLUMN(label "VALID", CHECK_CSV_DECIMAL, member.valid),                                        \
        COLUMN(label "READY", CHECK_CSV_DECIMAL, member.ready),                                    \
        COLUMN(label "ADDR", CHECK_CSV_HEX64, member.addr),                                        \
        COLUMN(label "ID", CHECK_CSV_HEX, member.id),                                              \
        COLUMN(label "LEN", CHECK_CSV_DECIMAL, member.len),                                        \
        COLUMN(label "SIZE", CHECK_CSV_DECIMAL, member.size),                                      \
        COLUMN(label "BURST", CHECK_CSV_DECIMAL, member.burst),                                    \
        COLUMN(label "LOCK", CHECK_CSV_DECIMAL, member.lock),                                      \
        COLUMN(label "PROT", CHECK_CSV_HEX, member.prot),                                          \
        COLUMN(label "CACHE", CHECK_CSV_HEX, member.cache),                                        \
        COLUMN(label "QOS", CHECK_CSV_HEX, member.qos),                                            \
        COLUMN(label "REGION", CHECK_CSV_HEX, member.region),                                      \
        COLUMN(label "USER", CHECK_CSV_HEX64, member.user)

static const struct check_csv_column columns[] = {
    COLUMN("cycle", CHECK_CSV_CYCLE, cycle),
    COLUMN("ARESETn", CHECK_CSV_DECIMAL, aresetn),
    ADDRESS("AR", ar),
    ADDRESS("AW", aw),
    COLUMN("RVALID", CHECK_CSV_DECIMAL, r.valid),
    COLUMN("RREADY", CHECK_CSV_DECIMAL, r.ready),
    COLUMN("RID", CHECK_CSV_HEX, r.id),
    COLUMN("RRESP", CHECK_CSV_DECIMAL, r.resp),
    COLUMN("RLAST", CHECK_CSV_DECIMAL, r.last),
    COLUMN("RUSER", CHECK_CSV_HEX64, r.user),
    COLUMN("RDATA", CHECK_CSV_WIDE, r.data),
    COLUMN("WVALID", CHECK_CSV_DECIMAL, w.valid),
    COLUMN("WREADY", CHECK_CSV_DECIMAL, w.ready),
    COLUMN("WLAST", CHECK_CSV_DECIMAL, w.last),
    COLUMN("WUSER", CHECK_CSV_HEX64, w.user),
    COLUMN("WSTRB", CHECK_CSV_MASK, w.strb),
    COLUMN("WDATA", CHECK_CSV_WIDE, w.data),
    COLUMN("BVALID", CHECK_CSV_DECIMAL, b.valid),
    COLUMN("BREADY", CHECK_CSV_DECIMAL, b.ready),
    COLUMN("BID", CHECK_CSV_HEX, b.id),
    COLUMN("BRESP", CHECK_CSV_DECIMAL, b.resp),
    COLUMN("BUSER", CHECK_CSV_HEX64, b.user),
};

static bool present(const struct axi_check_reader *self, const char *name)
{
    return self->csv.present[check_csv_find(&self->csv, name)];
}

/* True if all are there; else it says so. */
static bool need(struct axi_check_reader *self, const char *const *names)
{
    for (; *names; names++) {
        if (present(self, *names))
            continue;
        snprintf(self->csv.error, sizeof(self->csv.error), "no column %s", *names);
        return false;
    }
    return true;
}

bool axi_check_reader_init(struct axi_check_reader *self, FILE *file)
{
    static const char *const reads[] = {"ARVALID", "ARREADY", "ARADDR", "RVALID", "RREADY", NULL};
    static const char *const writes[] = {"AWVALID", "AWREADY", "AWADDR", "WVALID",
                                         "WREADY",  "BVALID",  "BREADY", NULL};
    self->width_bits = 0;
    if (!check_csv_init(&self->csv, file, columns, sizeof(columns) / sizeof(columns[0])))
        return false;
    bool any_read = present(self, "ARVALID") || present(self, "RVALID");
    bool any_write = present(self, "AWVALID") || present(self, "WVALID") || present(self, "BVALID");
    if (!any_read && !any_write) {
        snprintf(self->csv.error, sizeof(self->csv.error), "not the columns of an AXI port");
        return false;
    }
    return (!any_read || need(self, reads)) && (!any_write || need(self, writes));
}

static uint32_t log2_of(uint32_t bytes)
{
    uint32_t power = 0;
    while (2u << power <= bytes)
        power++;
    return power;
}

bool axi_check_reader_next(struct axi_check_reader *self, struct axi_check_row *row)
{
    memset(row, 0, sizeof(*row));
    row->cycle = self->csv.line - 1; /* where there is no such column */
    row->aresetn = 1;
    row->ar.burst = row->aw.burst = 1; /* INCR */
    row->r.last = row->w.last = AXI_CHECK_UNKNOWN;
    if (!check_csv_next(&self->csv, row))
        return false;
    unsigned digits = self->csv.digits[check_csv_find(&self->csv, "WDATA")];
    unsigned others = self->csv.digits[check_csv_find(&self->csv, "RDATA")];
    self->width_bits = 4 * (digits > others ? digits : others);
    uint32_t bytes = self->width_bits ? self->width_bits / 8 : 4;
    if (!present(self, "ARSIZE"))
        row->ar.size = log2_of(bytes);
    if (!present(self, "AWSIZE"))
        row->aw.size = log2_of(bytes);
    if (!present(self, "WSTRB")) {
        row->w.strb[0] = bytes < 64 ? (UINT64_C(1) << bytes) - 1 : UINT64_MAX;
        row->w.strb[1] = bytes > 64 ? UINT64_MAX >> (128 - bytes) % 64 : 0;
    }
    return true;
}
