/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html: the waveforms around the first difference of two VCDs as a page: of each signal A's wave with B's below it,
 * shaded where they differ. Reads both files once more, up to a little behind the difference.
 */
#ifndef DMASIM_EXPORT_HTML_H
#define DMASIM_EXPORT_HTML_H

#include <stdbool.h>
#include <stdio.h>

#include "compare/compare.h"

/* `path`: A and B, as they were compared. False with a text in `error`. */
bool export_html(const char *const path[2], const struct compare_options *options,
                 const struct comparison *result, FILE *out, char *error, size_t room);

#endif
