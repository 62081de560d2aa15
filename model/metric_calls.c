/* SPDX-License-Identifier: BSD-2-Clause */
/* metric_calls: the public header's walks over what units count; metrics.h has what they do. */
#include <stdlib.h>

#include "instance.h"
#include "metrics.h"

/* A mark is a struct metric_mark under another name. */
struct dmasim_mark *dmasim_mark_set(const struct dmasim *self)
{
    const struct system *system = &self->system;
    return instance_busy(self) ? NULL
                               : (struct dmasim_mark *)metric_mark(system, system->kernel.now);
}

void dmasim_mark_free(struct dmasim_mark *mark)
{
    metric_mark_free((struct metric_mark *)mark);
}

struct dmasim_metrics {
    const struct dmasim *owner;
    struct metric_walk walk;
};

struct dmasim_metrics *dmasim_metrics_start(const struct dmasim *self,
                                            const struct dmasim_mark *from)
{
    struct dmasim_metrics *walk = instance_busy(self) ? NULL : calloc(1, sizeof *walk);
    if (!walk)
        return NULL;
    walk->owner = self;
    walk->walk.now = self->system.kernel.now;
    walk->walk.from = (const struct metric_mark *)from;
    return walk;
}

static void tell(const struct metric *found, struct dmasim_metric *metric)
{
    *metric = (struct dmasim_metric){
        .unit = found->unit,
        .doc = found->doc,
        .value = found->value,
        .scale = found->scale,
        .over = found->over,
        .decimals = found->decimals,
    };
    metric_name(found, metric->name, sizeof metric->name);
}

int dmasim_metric_next(struct dmasim_metrics *walk, struct dmasim_metric *metric)
{
    const struct system *system = &walk->owner->system;
    struct metric found;
    if (instance_busy(walk->owner))
        return DMASIM_BUSY;
    if (system->kernel.now != walk->walk.now)
        return DMASIM_PAST;
    if (!metric_next(system, &walk->walk, &found))
        return DMASIM_UNMAPPED;
    tell(&found, metric);
    return DMASIM_OK;
}

int dmasim_metric_find(const struct dmasim *self, const char *name, struct dmasim_metric *metric)
{
    const struct system *system = &self->system;
    struct metric_walk walk;
    struct metric found;
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (!metric_find(system, system->kernel.now, name, &walk, &found))
        return DMASIM_UNMAPPED;
    tell(&found, metric);
    return DMASIM_OK;
}

void dmasim_metrics_end(struct dmasim_metrics *walk)
{
    free(walk);
}
