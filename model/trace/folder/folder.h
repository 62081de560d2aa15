/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * folder: where the results of one run go. A run claims a folder, and nobody else writes into it meanwhile.
 *
 *   DIR/.dmasim-results     the marker: this is a results folder, and these files in it are a run's (marker.h)
 *   DIR/unfinished-run/     files that are being written; left behind only by a run that was killed, and removed by
 *                           the next one
 *   DIR/NAME ...            results
 *
 * What it holds to, whatever a scenario calls its files:
 *   - a folder that is neither new, empty nor marked is refused, unless `force` is given;
 *   - a second claim, by this process or another, is refused (flock);
 *   - files appear whole, all that are kept at once, in the place of all files of the run before. What no run
 *     has made stays as it is, and is never replaced, with `force` or without. A result that was changed since
 *     (its size or its time) is replaced with `force` only;
 *   - nothing is written outside: a name has no part that starts with a dot, and no link is followed below DIR.
 *
 * Inaccuracies: where the file system has no locks (some network file systems) two runs at once are not kept apart.
 */
#ifndef DMASIM_TRACE_FOLDER_H
#define DMASIM_TRACE_FOLDER_H

#include <stdbool.h>

#include "dmasim/dmasim.h"

#define FOLDER_MARKER ".dmasim-results"
#define FOLDER_WORK "unfinished-run"

struct folder;
struct folder_file; /* of which something is being written */

struct folder_options {
    bool make;  /* the folder and those above it, if they are not there */
    bool links; /* the path to it may lead over links */
    bool force;
};

/* Makes a folder and those above it, where they are not there; *made: the last one was not. False with errno. */
bool folder_make(const char *path, bool *made);

/* Claims a folder. Null with *error filled. */
struct folder *folder_open(const char *path, const struct folder_options *options,
                           struct dmasim_error *error);

/* True if `path` is this folder. */
bool folder_is(const struct folder *self, const char *path);

/* A descriptor of a new file that will be `name`, or -1 with *error filled. It is the caller's; *file is the
 * folder's, to be kept or discarded once the descriptor is closed. */
int folder_create(struct folder *self, const char *name, struct folder_file **file,
                  struct dmasim_error *error);
void folder_discard(struct folder *self, struct folder_file *file);

/* The file is whole, and will appear. */
void folder_keep(struct folder *self, struct folder_file *file);

/* What was kept appears. Not while the folder is held: then nothing happens. After an error none of it does,
 * save files that were already in their places when a later one failed. */
int folder_publish(struct folder *self, struct dmasim_error *error);

/* Held: what is kept appears when it is no longer held. */
void folder_hold(struct folder *self, bool held);
bool folder_held(const struct folder *self);

/* Fills *error (may be null): a result could not be written, for this errno. DMASIM_IO. */
int folder_error(const struct folder *self, const char *name, int number,
                 struct dmasim_error *error);

/* Ends the claim: what has not appeared is gone, and so is a folder that was made for nothing. Null does
 * nothing. */
void folder_free(struct folder *self);

#endif
