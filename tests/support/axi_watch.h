/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_watch: the rules of AXI, checked on a port while the system runs. */
#ifndef TESTS_AXI_WATCH_H
#define TESTS_AXI_WATCH_H

#include <stdio.h>
#include <string.h>

#include "bus/axi/axi.h"
#include "checker/axi_checker.h"

struct axi_watch {
    struct probe_observer observer;
    struct axi_checker checker;
    struct axi_check_row row; /* of the last cycle that was checked */
    bool known;
    char first[250]; /* violation; empty if there was none */
};

static inline void axi_watch_note(void *context, uint64_t cycle, enum axi_check_rule rule,
                                  const char *text)
{
    struct axi_watch *self = context;
    if (!self->first[0])
        snprintf(self->first, sizeof self->first, "cycle %llu: %s: %s", (unsigned long long)cycle,
                 axi_check_rules[rule].name, text);
}

/* Rows hold until the next one is published. */
static inline void axi_watch_until(struct axi_watch *self, sim_cycle cycle)
{
    while (self->known && self->row.cycle + 1 < cycle) {
        self->row.cycle++;
        axi_checker_row(&self->checker, &self->row);
    }
}

static inline void axi_watch_row(struct probe_observer *observer, const struct probe *probe,
                                 sim_cycle now, const void *record)
{
    struct axi_watch *self = (struct axi_watch *)observer;
    const struct axi_port *port = probe->owner;
    const size_t width = port->bus->width_bytes;
    struct axi_row in = {0};
    memcpy(&in, record, probe->type->record_bytes);
    axi_watch_until(self, now);
    self->known = true;
    self->row = (struct axi_check_row){
        .cycle = now,
        .aresetn = 1,
        .ar = {.valid = in.arvalid,
               .ready = in.arready,
               .addr = in.araddr,
               .id = in.arid,
               .len = in.arlen,
               .size = in.arsize,
               .burst = in.arburst,
               .prot = in.arprot,
               .cache = in.arcache,
               .qos = in.arqos},
        .aw = {.valid = in.awvalid,
               .ready = in.awready,
               .addr = in.awaddr,
               .id = in.awid,
               .len = in.awlen,
               .size = in.awsize,
               .burst = in.awburst,
               .prot = in.awprot,
               .cache = in.awcache,
               .qos = in.awqos},
        .r = {.valid = in.rvalid,
              .ready = in.rready,
              .id = in.rid,
              .resp = in.rresp,
              .last = in.rlast},
        .w = {.valid = in.wvalid,
              .ready = in.wready,
              .last = in.wlast,
              .strb = {in.wstrb[0], in.wstrb[1]}},
        .b = {.valid = in.bvalid, .ready = in.bready, .id = in.bid, .resp = in.bresp},
    };
    memcpy(self->row.r.data, in.data, width);
    memcpy(self->row.w.data, in.data + width, width);
    axi_checker_row(&self->checker, &self->row);
}

/* Watches a port from now on; *self must be 0 at first. Width and Lite follow from the bus. */
static inline void axi_watch_port(struct axi_watch *self, struct axi_port *port,
                                  const struct axi_check_options *options)
{
    struct axi_check_options own = *options;
    own.width_bits = port->bus->width_bits;
    own.lite = port->bus->config.lite;
    axi_checker_init(&self->checker, &own, axi_watch_note, self);
    self->observer.notify = axi_watch_row;
    probe_observe(&port->row_probe, &self->observer);
}

/* Ends before cycle `end`: the first violation, null if there was none. */
static inline const char *axi_watch_end(struct axi_watch *self, sim_cycle end)
{
    axi_watch_until(self, end);
    axi_checker_end(&self->checker);
    return self->first[0] ? self->first : NULL;
}

static inline void axi_watch_free(struct axi_watch *self)
{
    axi_checker_free(&self->checker);
}

#endif
