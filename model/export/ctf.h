/* SPDX-License-Identifier: BSD-2-Clause */
/* ctf: results as a trace in the Common Trace Format 1.8, for babeltrace2, Trace Compass and others. */
#ifndef DMASIM_EXPORT_CTF_H
#define DMASIM_EXPORT_CTF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes the transfers, bursts, states and stalls of a folder of results (chrome.h) into a new folder `to`, as the
 * files `metadata` and `stream`. What is there already is refused, but for an empty folder. The folder appears whole or not at all; false with a text in
 * `error`. Memory grows with the number of bursts, since events are sorted by time.
 */
bool export_ctf(const char *folder, const char *to, char *error, size_t room);

#endif
