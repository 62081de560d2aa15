/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chrome: a folder of results as tracks for Perfetto (ui.perfetto.dev) and chrome://tracing: the "Trace Event
 * Format", JSON. What there is follows from the tables in the folder:
 *
 * - transfers.csv: of each controller its transfers, with what they wait for, their data, their interrupt's service;
 * - beats.csv, or bus.csv of AHB: of each bus a track for each master, beats that follow each other as one slice;
 * - trace.vcd with trace.gtkw: of controllers and CPUs their named states (a descriptor that is fetched, an interrupt
 *   service), interrupts, and accesses of the CPU, which wait for the bus;
 * - accesses.csv: of CPUs a track "stalls": by how much each access ended later than on a bus that is free and without
 *   wait states. A stall ends with its access.
 *
 * Times are microseconds, as the format has them, written exactly.
 */
#ifndef DMASIM_EXPORT_CHROME_H
#define DMASIM_EXPORT_CHROME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* False with a text in `error` if the folder has no such table, or one is damaged. */
bool export_chrome(const char *folder, FILE *out, char *error, size_t room);

#endif
