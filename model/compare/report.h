/* SPDX-License-Identifier: BSD-2-Clause */
/* report: a comparison for people, for programs (JSON), and for what reads JUnit. docs/diff.md has the forms. */
#ifndef DMASIM_COMPARE_REPORT_H
#define DMASIM_COMPARE_REPORT_H

#include "compare/compare.h"

struct report {
    const char *path[2];
    const char *clock; /* null: none */
    size_t max;        /* lines of each list, for people */
    FILE *out;
};

void report_text(const struct report *self, const struct comparison *result);
void report_json(const struct report *self, const struct comparison *result);
void report_junit(const struct report *self, const struct comparison *result);

void report_folders_text(const struct report *self, const struct folder_comparison *result);
void report_folders_json(const struct report *self, const struct folder_comparison *result);
void report_folders_junit(const struct report *self, const struct folder_comparison *result);

#endif
