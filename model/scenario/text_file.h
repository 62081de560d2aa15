/* SPDX-License-Identifier: BSD-2-Clause */
/* text_file: a whole file of bounded size. */
#ifndef DMASIM_SCENARIO_TEXT_FILE_H
#define DMASIM_SCENARIO_TEXT_FILE_H

#include <stddef.h>

#include "dmasim/dmasim.h"

/* The bytes of a file, with a zero behind them, which the caller frees. No more than `most` + 1 are read: a *length
 * greater than `most` says that the file is too long. Null with the reason in *why. */
char *text_file_read(const char *path, size_t most, size_t *length, const char **why);

/* The same; too long is an error too. Null with *error filled. */
char *text_file_load(const char *path, size_t most, size_t *length, struct dmasim_error *error);

#endif
