/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/sweep.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "study/points.h"

#define QUEUE_ROWS 1024u
#define COMMIT_ROWS 4096u
#define COMMIT_NS UINT64_C(500000000)

struct sweep {
    const struct study_sweep *asked;
    const struct study *study;
    uint64_t total;
    unsigned char *done; /* a bit per run */
    atomic_uint_fast64_t next;
    atomic_uint_fast64_t left_out;
    atomic_bool end; /* stopped, or an error */
    pthread_mutex_t lock;
    pthread_cond_t filled, emptied;
    struct study_row *rows[QUEUE_ROWS]; /* a ring */
    size_t first, count;
    unsigned working;
    bool short_of_memory;
};

static uint64_t seeds(const struct study *study)
{
    return study->seeds ? study->seeds : 1;
}

/* ---- workers --------------------------------------------------------------------------------- */

static void give(struct sweep *self, struct study_row *row)
{
    pthread_mutex_lock(&self->lock);
    while (self->count == QUEUE_ROWS)
        pthread_cond_wait(&self->emptied, &self->lock);
    self->rows[(self->first + self->count++) % QUEUE_ROWS] = row;
    pthread_cond_signal(&self->filled);
    pthread_mutex_unlock(&self->lock);
}

static bool stopped(const struct sweep *self)
{
    return atomic_load_explicit(&self->end, memory_order_relaxed) ||
           atomic_load_explicit(self->asked->stop, memory_order_relaxed);
}

static void *work(void *context)
{
    struct sweep *self = context;
    const struct study_base *base = self->asked->base;
    const struct study_shard shard = self->asked->shard;
    while (!stopped(self)) {
        const uint64_t at = atomic_fetch_add(&self->next, 1) * shard.count + shard.index;
        if (at >= self->total)
            break;
        const uint64_t point = at / seeds(self->study), seed = at % seeds(self->study);
        if (!study_point_wanted(self->study, point)) {
            atomic_fetch_add(&self->left_out, 1);
            continue;
        }
        if (self->done[at / 8] >> at % 8 & 1)
            continue;
        struct study_row *row = study_row_new(self->study);
        if (!row) {
            atomic_store(&self->end, true);
            self->short_of_memory = true;
            break;
        }
        if (!study_point_run(base, point, base->seed + seed, self->asked->stop, row)) {
            free(row);
            break;
        }
        give(self, row);
    }
    pthread_mutex_lock(&self->lock);
    self->working--;
    pthread_cond_signal(&self->filled);
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* ---- the writer ------------------------------------------------------------------------------ */

static bool mark(void *context, uint64_t point, uint64_t seed)
{
    struct sweep *self = context;
    const uint64_t base = self->asked->base->seed;
    const uint64_t at = point * seeds(self->study) + (seed - base);
    if (at < self->total && seed >= base)
        self->done[at / 8] |= (unsigned char)(1u << at % 8);
    return true;
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* The next row; null once there will be none, or after a while (*over tells which). */
static struct study_row *take(struct sweep *self, bool *over)
{
    struct study_row *row = NULL;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 200000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&self->lock);
    if (self->count == 0 && self->working > 0)
        pthread_cond_timedwait(&self->filled, &self->lock, &until);
    if (self->count > 0) {
        row = self->rows[self->first];
        self->first = (self->first + 1) % QUEUE_ROWS;
        self->count--;
        pthread_cond_signal(&self->emptied);
    }
    *over = !row && self->working == 0;
    pthread_mutex_unlock(&self->lock);
    return row;
}

static void tell(const struct sweep *self, struct study_progress *progress)
{
    progress->left_out = atomic_load(&self->left_out);
    progress->seen = progress->before + progress->left_out;
    for (int i = 0; i < STUDY_STATUSES; i++)
        progress->seen += progress->rows[i];
    if (self->asked->show)
        self->asked->show(self->asked->context, progress);
}

/* Keeps rows until there are no more; false if the store said no. After that rows are only taken. */
static bool write_rows(struct sweep *self, struct study_progress *progress)
{
    struct study_store *store = self->asked->store;
    uint64_t open = 0, committed = now_ns(), shown = committed;
    bool good = true, over = false;
    while (!over) {
        struct study_row *row = take(self, &over);
        const uint64_t now = now_ns();
        if (row && good) {
            good = study_store_add(store, row);
            progress->rows[row->status]++;
            progress->asserted += row->asserted;
            open++;
        }
        free(row);
        if (good && open && (open >= COMMIT_ROWS || now - committed > COMMIT_NS)) {
            good = study_store_commit(store);
            committed = now;
            open = 0;
        }
        if (!good)
            atomic_store(&self->end, true);
        if (now - shown > UINT64_C(200000000)) {
            shown = now;
            tell(self, progress);
        }
    }
    return study_store_commit(store) && good;
}

static bool start(struct sweep *self, pthread_t *threads, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        pthread_mutex_lock(&self->lock);
        self->working++;
        pthread_mutex_unlock(&self->lock);
        if (pthread_create(&threads[i], NULL, work, self) == 0)
            continue;
        pthread_mutex_lock(&self->lock);
        self->working--;
        pthread_mutex_unlock(&self->lock);
        atomic_store(&self->end, true);
        for (unsigned k = 0; k < i; k++)
            pthread_join(threads[k], NULL);
        return false;
    }
    return true;
}

bool study_sweep(const struct study_sweep *asked, struct study_progress *progress,
                 struct dmasim_error *error)
{
    const struct study *study = asked->base->study;
    struct sweep *self = calloc(1, sizeof *self);
    pthread_t *threads = calloc(asked->workers, sizeof *threads);
    const uint64_t total = study_points(study) * seeds(study);
    unsigned char *done = calloc(total / 8 + 1, 1);
    bool good = self && threads && done;
    *progress = (struct study_progress){.total = total};
    *error = (struct dmasim_error){.code = DMASIM_MEMORY, .text = "out of memory"};
    if (good) {
        self->asked = asked;
        self->study = study;
        self->total = total;
        self->done = done;
        pthread_mutex_init(&self->lock, NULL);
        pthread_cond_init(&self->filled, NULL);
        pthread_cond_init(&self->emptied, NULL);
        good = study_store_keys(asked->store, mark, self);
        for (uint64_t at = 0; at < total; at++)
            progress->before += done[at / 8] >> at % 8 & 1;
        if (!good)
            study_store_error(asked->store, error);
        if (good && start(self, threads, asked->workers)) {
            good = write_rows(self, progress);
            if (!good)
                study_store_error(asked->store, error);
            for (unsigned i = 0; i < asked->workers; i++)
                pthread_join(threads[i], NULL);
            good = good && !self->short_of_memory;
            tell(self, progress);
        } else {
            good = false;
        }
        pthread_cond_destroy(&self->emptied);
        pthread_cond_destroy(&self->filled);
        pthread_mutex_destroy(&self->lock);
    }
    free(done);
    free(threads);
    free(self);
    return good;
}
