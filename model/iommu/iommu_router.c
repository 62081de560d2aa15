/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_router: from the request port to the completion port or to the error responder, and back.
 *
 * A request goes on only if its id has nothing under way to the other place, so answers of one id keep their order,
 * and while no id has 7 under way. What is offered stays offered until it is taken.
 *
 * The error responder answers with SLVERR: a read taken in cycle a has its first beat in a+2; a write's B comes in
 * the cycle after its last W.
 *
 * (!) The address that is offered is that of the translation in each cycle: it may change, or become 0, before it is
 * taken, and the destination too.
 *
 * Inaccuracies: none known against the traces in traces/golden/riscv_iommu, in which the device always takes R and B.
 */
#include "iommu/iommu_state.h"

enum { SLVERR = 2 };

#define ERROR_DATA UINT64_C(0xca11ab1ebadcab1e)

static bool room(const struct iommu_unfinished *of)
{
    for (uint32_t id = 0; id < IOMMU_IDS; id++)
        if (of[id].count >= IOMMU_OF_ONE_ID)
            return false;
    return true;
}

static bool may_go(const struct iommu_unfinished *of, uint8_t id, bool right)
{
    return room(of) && (!of[id % IOMMU_IDS].count || of[id % IOMMU_IDS].right == right);
}

static bool responder_takes_write(const struct iommu_responder *responder)
{
    return !responder->writing;
}

/* R and B: the responder is 0, the completion port 1. */
static bool pick_right(uint8_t next, bool left, bool right)
{
    return right && (!left || next == 1);
}

static uint8_t after_beat(uint8_t next, bool left, bool right)
{
    if (next == 0 && right)
        return 1;
    return left ? 0 : 1;
}

static void settle_requests(struct iommu *self, const struct iommu_inputs *in,
                            struct iommu_outputs *out)
{
    struct iommu_router *router = &self->router;
    struct iommu_signals *now = &self->now;
    uint64_t address = now->translation.address;
    const struct iommu_address *ar = &in->device.ar, *aw = &in->device.aw;
    now->offer_ar =
        self->go_ar && (router->ar_held || may_go(router->reads, ar->id, self->right_ar));
    now->offer_aw = self->go_aw && (router->aw_held ||
                                    (router->listed < IOMMU_WRITES_LISTED && room(router->reads) &&
                                     may_go(router->writes, aw->id, self->right_aw)));
    out->completion.ar = *ar;
    out->completion.ar.valid = now->offer_ar && self->right_ar;
    out->completion.ar.address = address;
    out->completion.aw = *aw;
    out->completion.aw.valid = now->offer_aw && self->right_aw;
    out->completion.aw.address = address;
    now->error_ar = now->offer_ar && !self->right_ar;
    now->error_aw = now->offer_aw && !self->right_aw;
    out->device.ar_ready =
        now->offer_ar && (self->right_ar ? in->completion.ar_ready : !self->responder.reading);
    out->device.aw_ready =
        now->offer_aw &&
        (self->right_aw ? in->completion.aw_ready : responder_takes_write(&self->responder));
}

static void settle_data(struct iommu *self, const struct iommu_inputs *in,
                        struct iommu_outputs *out)
{
    const struct iommu_router *router = &self->router;
    const struct iommu_responder *responder = &self->responder;
    bool right = router->listed && router->list[router->first];
    out->completion.w = in->device.w;
    out->completion.w.valid = in->device.w.valid && right;
    self->now.error_w = in->device.w.valid && router->listed && !right && responder->writing &&
                        responder->answers < IOMMU_ERRORS_WAITING;
    out->device.w_ready =
        router->listed && (right ? in->completion.w_ready
                                 : responder->writing && responder->answers < IOMMU_ERRORS_WAITING);
}

static void settle_answers(struct iommu *self, const struct iommu_inputs *in,
                           struct iommu_outputs *out)
{
    const struct iommu_router *router = &self->router;
    const struct iommu_responder *responder = &self->responder;
    struct iommu_read error = {.valid = responder->reading && responder->shown,
                               .last = responder->left == 0,
                               .id = responder->id,
                               .response = SLVERR,
                               .data = ERROR_DATA};
    struct iommu_answer refused = {
        .valid = responder->answers != 0, .id = responder->answer_ids[0], .response = SLVERR};
    self->now.r_right = pick_right(router->r_next, error.valid, in->completion.r.valid);
    self->now.b_right = pick_right(router->b_next, refused.valid, in->completion.b.valid);
    out->device.r = self->now.r_right ? in->completion.r : error;
    out->device.b = self->now.b_right ? in->completion.b : refused;
    out->completion.r_ready = self->now.r_right && in->device.r_ready;
    out->completion.b_ready = self->now.b_right && in->device.b_ready;
}

void iommu_router_settle(struct iommu *self, const struct iommu_inputs *in,
                         struct iommu_outputs *out)
{
    settle_requests(self, in, out);
    settle_data(self, in, out);
    settle_answers(self, in, out);
}

/* ---- the edge ---------------------------------------------------------------------------------- */

static void begin(struct iommu_unfinished *of, bool right)
{
    of->count++;
    of->right = right;
}

static void responder_edge(struct iommu *self, const struct iommu_inputs *in,
                           const struct iommu_outputs *out)
{
    struct iommu_responder *responder = &self->responder;
    bool b = responder->answers && !self->now.b_right && in->device.b_ready;
    if (responder->reading && responder->shown && !self->now.r_right && in->device.r_ready) {
        if (responder->left == 0)
            responder->reading = responder->shown = false;
        else
            responder->left--;
    } else if (responder->reading) {
        responder->shown = true;
    }
    if (self->now.error_ar && out->device.ar_ready) {
        responder->reading = true;
        responder->shown = false;
        responder->id = in->device.ar.id;
        responder->left = in->device.ar.length;
    }
    if (b) {
        responder->answers--;
        responder->answer_ids[0] = responder->answer_ids[1];
    }
    if (self->now.error_w && in->device.w.last) {
        responder->answer_ids[responder->answers++ & 1] = responder->write_id;
        responder->writing = false;
    }
    if (self->now.error_aw && out->device.aw_ready) {
        responder->writing = true;
        responder->write_id = in->device.aw.id;
    }
}

void iommu_router_edge(struct iommu *self, const struct iommu_inputs *in,
                       const struct iommu_outputs *out)
{
    struct iommu_router *router = &self->router;
    const struct iommu_signals *now = &self->now;
    const struct iommu_read *r = &out->device.r;
    const struct iommu_answer *b = &out->device.b;
    bool left_r = self->responder.reading && self->responder.shown,
         left_b = self->responder.answers;

    if (r->valid && in->device.r_ready) {
        router->r_next = after_beat(router->r_next, left_r, in->completion.r.valid);
        if (r->last)
            router->reads[r->id % IOMMU_IDS].count--;
    }
    if (b->valid && in->device.b_ready) {
        router->b_next = after_beat(router->b_next, left_b, in->completion.b.valid);
        router->writes[b->id % IOMMU_IDS].count--;
    }
    if (in->device.w.valid && out->device.w_ready && in->device.w.last) {
        router->first = (uint8_t)((router->first + 1) % IOMMU_WRITES_LISTED);
        router->listed--;
    }
    if (now->offer_ar && out->device.ar_ready)
        begin(&router->reads[in->device.ar.id % IOMMU_IDS], self->right_ar);
    if (now->offer_aw && !router->aw_held) {
        begin(&router->writes[in->device.aw.id % IOMMU_IDS], self->right_aw);
        router->list[(router->first + router->listed) % IOMMU_WRITES_LISTED] = self->right_aw;
        router->listed++;
    }
    router->ar_held = now->offer_ar && !out->device.ar_ready;
    router->aw_held = now->offer_aw && !out->device.aw_ready;
    responder_edge(self, in, out);
}
