/* SPDX-License-Identifier: BSD-2-Clause */
/* work_waits: what an entry of `work` waits for when the run is over. */
#include "host/work/work.h"

bool work_waits_turn(const struct work *self, struct log_text *text)
{
    if (self->probed) {
        log_add(text, "waits for its driver's probe");
        return true;
    }
    if (self->state >= WORK_STATE_TURN)
        return false;
    if (self->triggered && self->before && self->before->left > 0)
        log_add(text, "has not begun: it comes after %s", self->before->component->name);
    else
        log_add(text, "has not begun: its turn is at %llu ns",
                (unsigned long long)(self->at_ps / 1000));
    return true;
}

bool work_waits(const struct component *self, uint32_t index, struct log_text *text)
{
    const struct work *work = self->instance;
    if (!work || index > 0 || work->left == 0)
        return false;
    if (work_waits_turn(work, text))
        return true;
    const struct transfer_record *record = &work->record;
    log_add(text, "waits for the callback of its %s on channel %u of %s", self->type->name,
            record->channel, record->controller);
    if (record->issue_ps != SIM_NEVER)
        log_add(text, ", issued at %llu ns", (unsigned long long)(record->issue_ps / 1000));
    const struct work_common *common = self->config;
    if (self->type == &cyclic_type && ((const struct cyclic_config *)self->config)->periods == 0)
        log_add(text, "; it goes on for ever (no `periods`)");
    else if (common->timeout_ps == 0)
        log_add(text, "; it has no `timeout`");
    return true;
}
